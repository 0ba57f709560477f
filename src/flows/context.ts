import type { Knex } from 'knex';
import type { Learner } from './learner.js';
import type { ScorerPool } from '../scorers/scorer-pool.js';
import type { Pseudonyms } from './pseudonyms.js';

/** What every flow works with. Tests replace only the clock, the ids and the mailer, never the database. */
export interface Context {
  readonly db: Knex;
  readonly clock: () => Date;
  /** A fresh unique id (UUID version 7 in the service). */
  readonly newId: () => string;
  readonly pseudonyms: Pseudonyms;
  readonly log: Log;
  /** Learns beside those who are served. */
  readonly learner: Learner;
  /** Asks models from elsewhere. */
  readonly scorers: ScorerPool;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
