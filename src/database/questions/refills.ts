import type { Knex } from 'knex';

/** Facts and cells that are to be made again, or were. */
export interface RefillState {
  readonly id: string;
  readonly experiment: string;
  /** `metric`, `cohort`, `upgrade` … */
  readonly reason: string;
  readonly addition: unknown;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  /** How far it is; null before it began. */
  readonly recipients: number | null;
  readonly error: string | null;
}

const MOST = 20;

/** Refills of one experiment, or of all: open ones first, then the last ones. */
export async function lastRefills(db: Knex, experiment?: string): Promise<RefillState[]> {
  const where = experiment === undefined ? '' : 'where experiment = ?';
  const result = await db.raw<{ rows: RefillState[] }>(
    `select id, experiment, reason, addition, requested_at as "requestedAt", finished_at as "finishedAt",
            recipients::float8 as recipients, error
     from refills ${where} order by finished_at is not null, requested_at desc, id limit ?`,
    [...(experiment === undefined ? [] : [experiment]), MOST],
  );
  return result.rows;
}
