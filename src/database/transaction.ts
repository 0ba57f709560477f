import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { BeingRebuilt } from './rebuild-locks.js';

export type RetryPolicy = {
  /** How often the work may run in all. */
  attempts: number;
  /** The first pause in milliseconds; it doubles each time. */
  baseDelayMs: number;
  /** A number in [0, 1) that spreads out those who collided. */
  chance: () => number;
  /** False: `BeingRebuilt` is the caller's to deal with. */
  waitsForRebuilds: boolean;
};

const DEADLOCK = '40P01';
const SERIALIZATION_FAILURE = '40001';

/**
 * Thrown by work that has found, too late to go on in the order of locks, that the world has moved on: it is done again
 * from the start.
 */
export class Overtaken extends Error {
  readonly code = SERIALIZATION_FAILURE;
}

const DEFAULT_POLICY: RetryPolicy = {
  attempts: 5,
  baseDelayMs: 20,
  chance: Math.random,
  waitsForRebuilds: true,
};
const REBUILD_PAUSE_MS = 200;

/**
 * Runs the work in one transaction and again if PostgreSQL chose it as the victim of a deadlock or a serialization
 * conflict; where it would touch what is being rebuilt, until that has ended, holding no connection meanwhile. Inside, use only the handle passed in: the embedded database has one connection, and a query on the outer
 * handle would wait for it until the time-out. The work may run several times, so it must do nothing but SQL.
 */
export async function inTransaction<T>(
  db: Knex,
  work: (trx: Knex.Transaction) => Promise<T>,
  policy: Partial<RetryPolicy> = {},
): Promise<T> {
  const { attempts, baseDelayMs, chance, waitsForRebuilds } = { ...DEFAULT_POLICY, ...policy };
  let attempt = 1;
  for (;;) {
    try {
      return await db.transaction(work);
    } catch (error) {
      if (error instanceof BeingRebuilt && waitsForRebuilds) {
        await sleep(REBUILD_PAUSE_MS * (0.5 + chance()));
        continue;
      }
      if (attempt >= attempts || !isCollision(error)) throw error;
      await sleep(baseDelayMs * 2 ** (attempt - 1) * (0.5 + chance()));
      attempt += 1;
    }
  }
}

function isCollision(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === DEADLOCK || code === SERIALIZATION_FAILURE;
}
