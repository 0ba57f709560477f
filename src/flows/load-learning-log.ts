import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { selectExperiments } from '../database/experiments.js';
import type { LearnedFromExperiment } from '../database/learned-states.js';
import { hasOneConnection } from '../database/open.js';
import { enrolledBefore } from '../database/questions/enrolled-before.js';
import { identityPage } from '../database/questions/identity-page.js';
import { traitsAt } from '../database/questions/traits-at.js';
import { armsOf } from '../experiments/arms.js';
import type { History } from '../profiles/history.js';
import type { TraitValue } from '../profiles/traits.js';
import type { KnownTraits, LearningLog, LearningNeeds } from '../strategies/strategy.js';
import { loadHistories } from './load-histories.js';

/** What everybody did and what is known of them, before a clock. */
export interface EverybodysLog extends Pick<LearningLog, 'histories' | 'traits'> {
  readonly events: number;
  /** Of the first event (ISO 8601); undefined where there is none. */
  readonly from: string | undefined;
  /** Experiments whose recipients had been enrolled before something that they did, which is learned from. */
  readonly experiments: readonly LearnedFromExperiment[];
  /** There were more recipients. Keys are keyed hashes, so the first of them are as good as drawn by chance. */
  readonly sampled?: true;
}

export interface Reading {
  /** Of everybody together; recipients beyond are left out. */
  readonly mostEvents: number;
  /** Nobody else is served yet, so nobody waits for the database. */
  readonly isAlone?: boolean;
  /** Told after every page, with the recipients read so far. */
  readonly pageRead?: (recipients: number) => void;
}

/**
 * A page is one turn at the database. The embedded one has a single session, and whoever asks for arms waits for it, so
 * there turns are short, and as long a pause follows.
 */
const usualPage = 1_000;
const shortPage = 40;

/**
 * Not in one transaction, which would keep others waiting. In the order of the recipient keys; histories of those who did
 * nothing of the kind are left out, and of very long histories the rest. Traits that were said at the clock or later are not known.
 */
export async function loadLearningLog(
  db: Knex,
  needs: LearningNeeds,
  clock: Date,
  { mostEvents, isAlone = false, pageRead }: Reading,
): Promise<EverybodysLog> {
  const isShared = hasOneConnection(db) && !isAlone;
  const gathered = new Gathered(mostEvents);
  let [after, seen] = ['', 0];
  for (;;) {
    const began = performance.now();
    const keys = await identityPage(db, after, isShared ? shortPage : usualPage);
    if (keys.length === 0) break;
    if (gathered.isFull) {
      gathered.isSampled = true;
      break;
    }
    gathered.addHistories((await loadHistories(db, keys, needs, clock)).histories);
    await addTraits(db, gathered, keys, needs.traits ?? [], clock);
    await addEnrolments(db, gathered, keys, clock);
    after = keys.at(-1) ?? after;
    seen += keys.length;
    pageRead?.(seen);
    if (isShared) await sleep(performance.now() - began);
  }
  return gathered.log(await armKeys(db, gathered.experiments()));
}

class Gathered {
  readonly #histories = new Map<string, History>();
  readonly #traits = new Map<string, KnownTraits>();
  /** Recipients by experiment and arm. */
  readonly #enrolled = new Map<string, Map<number, number>>();
  readonly #mostEvents: number;
  #events = 0;
  #from = Infinity;
  isSampled = false;

  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents;
  }

  get isFull(): boolean {
    return this.#events >= this.#mostEvents;
  }

  addHistories(histories: ReadonlyMap<string, History>): void {
    for (const [key, history] of histories) {
      if (history.length === 0) continue;
      if (this.isFull) {
        this.isSampled = true;
        return;
      }
      this.#histories.set(key, history);
      this.#events += history.length;
      this.#from = Math.min(this.#from, history[0]?.at ?? Infinity);
    }
  }

  addTrait(key: string, name: string, value: TraitValue, at: number): void {
    this.#traits.set(key, { ...this.#traits.get(key), [name]: { value, at } });
  }

  /** Whether something that this recipient did at this moment or later is learned from. */
  didSince(key: string, at: number): boolean {
    return (this.#histories.get(key)?.at(-1)?.at ?? -Infinity) >= at;
  }

  countEnrolled(experiment: string, arm: number): void {
    const arms = this.#enrolled.get(experiment) ?? new Map<number, number>();
    this.#enrolled.set(experiment, arms.set(arm, (arms.get(arm) ?? 0) + 1));
  }

  experiments(): string[] {
    return [...this.#enrolled.keys()].sort();
  }

  log(armKeyOf: (experiment: string, arm: number) => string): EverybodysLog {
    return {
      histories: inOrder(this.#histories),
      traits: inOrder(this.#traits),
      events: this.#events,
      from: Number.isFinite(this.#from) ? new Date(this.#from).toISOString() : undefined,
      experiments: this.experiments().flatMap((key) =>
        [...(this.#enrolled.get(key) ?? [])]
          .sort(([a], [b]) => a - b)
          .map(([arm, recipients]) => ({ key, arm: armKeyOf(key, arm), recipients })),
      ),
      ...(this.isSampled && { sampled: true as const }),
    };
  }
}

/** The database's order of texts may be one of words; that of the log is one of letters. */
function inOrder<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function addTraits(
  db: Knex,
  gathered: Gathered,
  keys: readonly string[],
  names: readonly string[],
  clock: Date,
): Promise<void> {
  if (names.length === 0) return;
  for (const { recipientKey, name, value, at } of await traitsAt(db, keys, names)) {
    // Without a time nobody can say that it was known by then.
    const said = Date.parse(at);
    if (said < clock.getTime()) gathered.addTrait(recipientKey, name, value, said);
  }
}

async function addEnrolments(
  db: Knex,
  gathered: Gathered,
  keys: readonly string[],
  clock: Date,
): Promise<void> {
  for (const { experiment, arm, recipientKey, enrolledAt } of await enrolledBefore(db, keys, clock)) {
    if (gathered.didSince(recipientKey, enrolledAt.getTime())) gathered.countEnrolled(experiment, arm);
  }
}

async function armKeys(
  db: Knex,
  keys: readonly string[],
): Promise<(experiment: string, arm: number) => string> {
  const experiments = await selectExperiments(db, keys);
  const arms = new Map([...experiments].map(([key, { factors }]) => [key, armsOf(factors)]));
  return (experiment, arm) => arms.get(experiment)?.[arm]?.key ?? String(arm);
}
