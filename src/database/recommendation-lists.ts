import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';

/** What one recipient is recommended, made beforehand. */
export interface RecommendationList {
  readonly recipientKey: string;
  /** Content hash of the model. */
  readonly model: string;
  /** Nothing that happened at it or later was looked at. */
  readonly clock: Date;
  readonly madeAt: Date;
  readonly reason: string;
  /** Best first: item, score, reason. */
  readonly items: readonly ListedItem[];
}

export type ListedItem = readonly [item: string, score: number, reason: string];

/** What is the same for all lists of a batch. */
export interface ListBatch {
  readonly name: string;
  readonly model: string;
  readonly clock: Date;
  readonly madeAt: Date;
}

/** In the place of those that were there. Give rows in the order of their keys. */
export async function saveLists(
  trx: Knex,
  { name, model, clock, madeAt }: ListBatch,
  rows: readonly Pick<RecommendationList, 'recipientKey' | 'reason' | 'items'>[],
): Promise<void> {
  await insertRows(
    trx,
    'recommendation_lists',
    {
      name: { type: 'text', all: name },
      recipient_key: { type: 'text', values: rows.map(({ recipientKey }) => recipientKey) },
      model: { type: 'text', all: model },
      clock: { type: 'timestamptz', all: clock },
      made_at: { type: 'timestamptz', all: madeAt },
      reason: { type: 'text', values: rows.map(({ reason }) => reason) },
      items: { type: 'json', values: rows.map(({ items }) => JSON.stringify(items)) },
    },
    `on conflict (name, recipient_key) do update set model = excluded.model, clock = excluded.clock,
       made_at = excluded.made_at, reason = excluded.reason, items = excluded.items`,
  );
}

/** By recipient key; recipients without a list are missing. */
export async function selectLists(
  db: Knex,
  name: string,
  recipientKeys: readonly string[],
): Promise<Map<string, RecommendationList>> {
  const result = await db.raw<{ rows: RecommendationList[] }>(
    `select recipient_key as "recipientKey", model, clock, made_at as "madeAt", reason, items
     from recommendation_lists where name = ? and recipient_key = any(?::text[])`,
    [name, recipientKeys as string[]],
  );
  return new Map(result.rows.map((row) => [row.recipientKey, row]));
}

/** Those of a name that are of another model or clock: what an earlier run left. @returns how many. */
export async function deleteOtherLists(
  trx: Knex,
  { name, model, clock }: Pick<ListBatch, 'name' | 'model' | 'clock'>,
): Promise<number> {
  const result = await trx.raw<{ rowCount: number }>(
    'delete from recommendation_lists where name = ? and (model <> ? or clock <> ?)',
    [name, model, clock],
  );
  return result.rowCount;
}
