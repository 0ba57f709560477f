import { type Answer, resultsOf } from './client.js';
import type { Violations } from './outcome.js';
import type { Work } from './work.js';

interface Assigned {
  readonly id: string;
  readonly arm?: string;
  readonly messageId?: string;
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

  /** Takes note of an answer. @returns whether the work is done. */
  take(work: Work, answer: Answer): boolean {
    if (answer.status !== 200) return false;
    if (work.kind === 'events') this.#takeEvents(work, answer);
    else this.#takeAssigned(work, answer);
    return true;
  }

  #takeEvents(work: Work & { kind: 'events' }, answer: Answer): void {
    const results = resultsOf(answer);
    this.#violations.check(results.length === work.rows.length, 'an answer has not one result per event');
    results.forEach(({ status, error }, i) => {
      const id = work.rows[i]?.id ?? '';
      if (status === 'refused') {
        this.#violations.add(`event ${id} was refused: ${error?.message ?? ''}`);
        return;
      }
      if (status === 'duplicate') this.acknowledged.add(id);
      else this.#takeNew(id);
    });
  }

  #takeNew(id: string): void {
    this.#violations.check(!this.#new.has(id), `event ${id} was recorded as new twice`);
    this.#violations.check(!this.acknowledged.has(id), `event ${id} was acknowledged and is new again`);
    this.#new.add(id);
    this.acknowledged.add(id);
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
