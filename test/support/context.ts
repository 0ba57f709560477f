import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Context } from '../../src/flows/context.js';
import { learnerHere } from '../../src/flows/perform-task.js';
import { keyedPseudonyms } from '../../src/flows/pseudonyms.js';
import { type ScorerPool, scorerPool } from '../../src/scorers/scorer-pool.js';
import { testLog } from './log.js';

export interface TestContext extends Context {
  /** Moves the clock. */
  setTime(iso: string): void;
}

/** A context on a real database with a clock that stands still and ids that count. */
export function testContext(
  db: Knex,
  startIso = '2026-03-01T09:00:00.000Z',
  scorers: ScorerPool = testScorers(),
): TestContext {
  let now = new Date(startIso);
  let ids = 0;
  const clock = (): Date => now;
  return {
    db,
    clock,
    learner: learnerHere({ db, clock }),
    scorers,
    newId: () => `id-${(ids += 1)}`,
    pseudonyms: keyedPseudonyms(createHash('sha256').update('test workspace').digest()),
    log: testLog,
    setTime: (iso) => {
      now = new Date(iso);
    },
  };
}

/** Scorers as in the service, with chance that is none. Closed by whoever has asked any. */
export function testScorers(secrets: Readonly<Record<string, string>> = {}): ScorerPool {
  return scorerPool({ now: () => Date.now(), chance: () => 0.5, secrets: new Map(Object.entries(secrets)) });
}
