import type { Knex } from 'knex';

// Any fixed numbers; they must only differ from other advisory locks on the same database.
const ANY_REBUILD = 7_706_173_003;
const OF_EXPERIMENT = 77_061;

/** Thrown by work that would touch an experiment whose facts are being made again: to be done when that has ended. */
export class BeingRebuilt extends Error {
  constructor(experiments: readonly string[]) {
    super(`Facts of ${experiments.map((key) => `"${key}"`).join(', ')} are being made again.`);
  }
}

/**
 * Keeps out everybody who enrols in the experiment or records for it until the transaction ends, and every other rebuild.
 * Waits for those who are at it.
 */
export async function lockForRebuild(trx: Knex, experiment: string): Promise<void> {
  await trx.raw('select pg_advisory_xact_lock(?)', [ANY_REBUILD]);
  await trx.raw('select pg_advisory_xact_lock(?, hashtext(?))', [OF_EXPERIMENT, experiment]);
}

/**
 * Keeps rebuilds of these experiments out until the transaction ends. Never waits: rows or connections held meanwhile would
 * stop others who have nothing to do with the rebuild.
 *
 * @throws BeingRebuilt
 */
export async function keepOutRebuilds(trx: Knex, experiments: Iterable<string>): Promise<void> {
  // NUL cannot be stored in a text column, so nothing has such a key; PostgreSQL would answer with an error.
  const keys = [...new Set(experiments)].filter((key) => !key.includes('\0'));
  if (keys.length > 0) await tryLocks(trx, 'select unnest(?::text[]) as key', keys);
}

/** Keeps rebuilds out that would touch what is read next; see `guardAgainstRebuilds`. */
export interface RebuildGuard {
  /** @throws BeingRebuilt */
  ofExperiments(experiments: Iterable<string>): Promise<void>;
  /** Of the experiments of these enrolments, by number. Before their rows are locked. @throws BeingRebuilt */
  ofEnrolments(ids: ReadonlySet<number>): Promise<void>;
}

const noneCanBegin: RebuildGuard = { ofExperiments: async () => {}, ofEnrolments: async () => {} };

/**
 * For whoever learns only on the way which experiments are touched. Usually no rebuild is under way: then none can begin
 * until the transaction ends, and nothing more needs to be asked.
 */
export async function guardAgainstRebuilds(trx: Knex): Promise<RebuildGuard> {
  const result = await trx.raw<{ rows: { free: boolean }[] }>(
    'select pg_try_advisory_xact_lock_shared(?) as free',
    [ANY_REBUILD],
  );
  if (result.rows[0]?.free === true) return noneCanBegin;
  return {
    ofExperiments: (experiments) => keepOutRebuilds(trx, experiments),
    ofEnrolments: async (ids) => {
      const ofEnrolments = `select distinct e.experiment as key from unnest(?::bigint[]) as asked (id)
        cross join lateral (select experiment from enrolments where id = asked.id offset 0) e`;
      if (ids.size > 0) await tryLocks(trx, ofEnrolments, [...ids].map(String));
    },
  };
}

async function tryLocks(trx: Knex, query: string, asked: readonly string[]): Promise<void> {
  const result = await trx.raw<{ rows: { key: string }[] }>(
    `select key from (${query} offset 0) touched where not pg_try_advisory_xact_lock_shared(?, hashtext(key))`,
    [asked as string[], OF_EXPERIMENT],
  );
  if (result.rows.length > 0) throw new BeingRebuilt(result.rows.map((row) => row.key));
}
