import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Context } from '../../src/flows/context.js';
import { learnerHere } from '../../src/flows/perform-task.js';
import { keyedPseudonyms } from '../../src/flows/pseudonyms.js';
import { testLog } from './log.js';

export interface TestContext extends Context {
  /** Moves the clock. */
  setTime(iso: string): void;
}

/** A context on a real database with a clock that stands still and ids that count. */
export function testContext(db: Knex, startIso = '2026-03-01T09:00:00.000Z'): TestContext {
  let now = new Date(startIso);
  let ids = 0;
  const clock = (): Date => now;
  return {
    db,
    clock,
    learner: learnerHere({ db, clock }),
    newId: () => `id-${(ids += 1)}`,
    pseudonyms: keyedPseudonyms(createHash('sha256').update('test workspace').digest()),
    log: testLog,
    setTime: (iso) => {
      now = new Date(iso);
    },
  };
}
