import type { Knex } from 'knex';
import type { Json } from '../strategies/strategy.js';

/** One figure about how a model does as time goes on. */
export interface ModelCheck {
  /** `drift of scores`, `drift of recency`, `AUC`, `calibration`. */
  readonly measure: string;
  /** Null: it could not be had, and `detail` says why. */
  readonly value: number | null;
  readonly threshold: number | null;
  readonly alerting: boolean;
  readonly detail: Json;
}

export interface CheckedModel extends ModelCheck {
  readonly checkedAt: string;
}

export async function insertChecks(
  trx: Knex,
  model: string,
  checkedAt: Date,
  checks: readonly ModelCheck[],
): Promise<void> {
  const rows = checks.map(({ detail, ...check }) => ({
    ...{ model, checked_at: checkedAt, detail: JSON.stringify(detail) },
    ...check,
  }));
  if (rows.length > 0) {
    await trx('model_checks').insert(rows).onConflict(['model', 'checked_at', 'measure']).merge();
  }
}

/** Of one model, the oldest first; of very many the newest. */
export async function selectChecks(db: Knex, model: string, limit: number): Promise<CheckedModel[]> {
  const rows = await db('model_checks')
    .where({ model })
    .orderBy('checked_at', 'desc')
    .orderBy('measure')
    .limit(limit)
    .select<(ModelCheck & { checked_at: Date })[]>(
      ...['checked_at', 'measure', 'value', 'threshold', 'alerting', 'detail'],
    );
  return rows
    .map(({ checked_at, ...check }) => ({ ...check, checkedAt: checked_at.toISOString() }))
    .reverse();
}

/** The newest check of each measure of each of these models. */
export async function selectNewestChecks(
  db: Knex,
  models: readonly string[],
): Promise<ReadonlyMap<string, readonly CheckedModel[]>> {
  const result = await db.raw<{ rows: (ModelCheck & { model: string; checked_at: Date })[] }>(
    `select c.model, c.checked_at, c.measure, c.value, c.threshold, c.alerting, c.detail
     from model_checks c
     join (select model, max(checked_at) as newest from model_checks where model = any(?::text[]) group by model) n
       on n.model = c.model and n.newest = c.checked_at
     order by c.model, c.measure`,
    [models as string[]],
  );
  const found = new Map<string, CheckedModel[]>();
  for (const { model, checked_at, ...check } of result.rows) {
    found.set(model, [...(found.get(model) ?? []), { ...check, checkedAt: checked_at.toISOString() }]);
  }
  return found;
}
