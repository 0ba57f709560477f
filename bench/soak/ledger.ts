import { type Answer, type Client, resultsOf } from './client.js';
import type { Violations } from './outcome.js';
import type { Work } from './work.js';

interface Assigned {
  readonly id: string;
  readonly arm?: string;
  readonly messageId?: string;
}

export interface Posted extends Answer {
  readonly isDone: boolean;
}

/** What the service has acknowledged, and whether it keeps its word. */
export class Ledger {
  readonly acknowledged = new Set<string>();
  /** Answered as new. */
  readonly #new = new Set<string>();
  readonly #assigned = new Map<string, string>();
  readonly #violations: Violations;

  constructor(violations: Violations) {
    this.#violations = violations;
  }

  /** Does a call and takes note of its answer. */
  async post(client: Pick<Client, 'post'>, base: string, work: Work): Promise<Posted> {
    // As of now: of two calls under way, a 'duplicate' may overtake the answer to the call that was first in the database.
    const before = new Set(work.rows.map(({ id }) => id).filter((id) => this.acknowledged.has(id)));
    const answer = await client.post(base + work.path, work.body);
    const isDone = answer.status === 200;
    if (isDone && work.kind === 'events') this.#takeEvents(work, answer, before);
    else if (isDone && work.kind === 'assign') this.#takeAssigned(work, answer);
    return { ...answer, isDone };
  }

  #takeEvents(work: Work & { kind: 'events' }, answer: Answer, before: ReadonlySet<string>): void {
    const results = resultsOf(answer);
    this.#violations.check(results.length === work.rows.length, 'an answer has not one result per event');
    results.forEach(({ status, error }, i) => {
      const id = work.rows[i]?.id ?? '';
      if (status === 'refused') {
        this.#violations.add(`event ${id} was refused: ${error?.message ?? ''}`);
        return;
      }
      this.acknowledged.add(id);
      if (status === 'duplicate') return;
      this.#violations.check(!this.#new.has(id), `event ${id} was recorded as new twice`);
      this.#violations.check(!before.has(id), `event ${id} was acknowledged and is new again`);
      this.#new.add(id);
    });
  }

  #takeAssigned(work: Work & { kind: 'assign' }, answer: Answer): void {
    for (const { id, arm, messageId } of (answer.body['assignments'] ?? []) as Assigned[]) {
      const place = `${work.path} ${id}`;
      const now = `${arm ?? 'none'} ${messageId ?? 'none'}`;
      const before = this.#assigned.get(place) ?? now;
      this.#violations.check(arm !== undefined, `${id} was not assigned`);
      this.#violations.check(before === now, `${id} was assigned ${before}, and then ${now}`);
      this.#assigned.set(place, now);
    }
  }
}
