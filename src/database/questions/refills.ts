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
  /** How far it is, or came; null before it began and where nobody works on it any more. */
  readonly recipients: number | null;
  readonly error: string | null;
}

const MOST = 20;
/** Who works on a refill says so more often than this. */
const AT_WORK = '1 minute';

/** Refills of one experiment, or of all: open ones first, then the last ones. */
export async function lastRefills(db: Knex, experiment?: string): Promise<RefillState[]> {
  const where = experiment === undefined ? '' : 'where r.experiment = ?';
  const result = await db.raw<{ rows: RefillState[] }>(
    `select r.id, r.experiment, r.reason, r.addition, r.requested_at as "requestedAt", r.finished_at as "finishedAt",
            coalesce(r.recipients, p.recipients)::float8 as recipients, r.error
     from refills r left join refill_progress p
       on p.refill = r.id and r.finished_at is null and p.updated_at > now() - interval '${AT_WORK}'
     ${where} order by r.finished_at is not null, r.requested_at desc, r.id limit ?`,
    [...(experiment === undefined ? [] : [experiment]), MOST],
  );
  return result.rows;
}
