import type { Knex } from 'knex';
import type { Measure } from '../strategies/model-report.js';

/** Two models on the same hold-out. */
export interface ModelComparison {
  readonly challenger: Measure;
  /** Undefined: there was no model in use. */
  readonly champion?: Measure;
  /** Content hash of the model in use. */
  readonly against?: string;
  /** The moment before which the hold-out ends (ISO 8601). */
  readonly clock: string;
}

/** What was said about a model: that it is the one in use from then on, or that the one in use stays. Rows are only added. */
export interface Promotion {
  readonly name: string;
  /** Content hashes of the strategy version and the model. */
  readonly strategy: string;
  readonly model: string;
  readonly status: 'promoted' | 'kept';
  readonly why: string;
  readonly comparison?: ModelComparison;
  readonly doneBy: string;
  readonly doneAt: string;
}

interface Row {
  name: string;
  strategy: string;
  model: string;
  status: 'promoted' | 'kept';
  why: string;
  comparison: ModelComparison | null;
  done_by: string;
  done_at: Date;
}

/** For use in a transaction that holds the lock of the name: who comes second sees what the first has done. */
export async function insertPromotion(
  trx: Knex,
  { name, strategy, model, status, why, comparison, doneBy, doneAt }: Promotion,
): Promise<void> {
  await trx('model_promotions').insert({
    ...{ name, strategy, model, status, why, done_by: doneBy, done_at: doneAt },
    comparison: comparison === undefined ? null : JSON.stringify(comparison),
  });
}

/** The record of a name, the first entry first. */
export async function selectPromotions(db: Knex, name: string): Promise<Promotion[]> {
  const rows = await db<Row>('model_promotions')
    .where({ name })
    .orderBy('id')
    .select('name', 'strategy', 'model', 'status', 'why', 'comparison', 'done_by', 'done_at');
  return rows.map(({ comparison, done_by: doneBy, done_at: doneAt, ...row }) => ({
    ...row,
    ...(comparison !== null && { comparison }),
    doneBy,
    doneAt: doneAt.toISOString(),
  }));
}

/** Content hash of the model in use, by that of the strategy version; of all that have one, or of these. */
export async function selectModelsInUse(
  db: Knex,
  strategies?: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const query = db('model_promotions')
    .distinctOn('strategy')
    .where({ status: 'promoted' })
    .orderBy('strategy')
    .orderBy('id', 'desc')
    .select<{ strategy: string; model: string }[]>('strategy', 'model');
  const rows = await (strategies ? query.whereIn('strategy', strategies) : query);
  return new Map(rows.map(({ strategy, model }) => [strategy, model]));
}

/** Until the transaction ends nobody else says which model of this name is in use. */
export async function lockModelName(trx: Knex, name: string): Promise<void> {
  await trx.raw(`select pg_advisory_xact_lock(hashtext('model_promotions'), hashtext(?))`, [name]);
}
