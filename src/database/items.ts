import type { Knex } from 'knex';
import type { Item } from '../strategies/catalogue.js';
import { insertRows } from './insert-rows.js';

/** One thing of the catalogue, as one source gave it at one time. */
export interface ItemRow {
  readonly item: string;
  readonly title: string | null;
  readonly category: string | null;
  /** Minor units of `currency`. */
  readonly price: bigint | null;
  readonly currency: string | null;
  readonly priceTier: number | null;
  readonly stock: number | null;
  /** JSON text, keys in order. */
  readonly attributes: string | null;
  readonly source: string;
  readonly at: Date;
}

/**
 * Inserts items that are new and locks the others until the transaction ends, in the order of their ids. Give rows in that
 * order. @returns what is stored of those that were there already; they are left as they are.
 */
export async function insertOrLockItems(db: Knex, rows: readonly ItemRow[]): Promise<Map<string, ItemRow>> {
  const inserted = await insertRows<{ item: string }>(
    db,
    'items',
    columnsOf(rows),
    // Never updates, but takes the lock: `do nothing` would not.
    'on conflict (item) do update set source = excluded.source where false returning item',
  );
  const isNew = new Set(inserted.map((row) => row.item));
  const known = rows.map((row) => row.item).filter((item) => !isNew.has(item));
  if (known.length === 0) return new Map();
  const result = await db.raw<{
    rows: (Omit<ItemRow, 'price' | 'stock'> & Record<'price' | 'stock', string | null>)[];
  }>(
    `select item, title, category, price, currency, price_tier as "priceTier", stock, attributes::text, source,
            updated_at as at
     from items where item = any(?::text[])`,
    [known],
  );
  return new Map(
    result.rows.map((row) => {
      const price = row.price === null ? null : BigInt(row.price);
      const stock = row.stock === null ? null : Number(row.stock);
      return [row.item, { ...row, price, stock }];
    }),
  );
}

/** All of them, in no order. */
export async function selectItems(db: Knex): Promise<Item[]> {
  const result = await db.raw<{ rows: Nullable<Item>[] }>(
    `select item as id, title, category, price::float8, currency, price_tier as "priceTier", stock::float8, attributes
     from items`,
  );
  return result.rows.map((row) => {
    const known = Object.entries(row).filter(([, value]) => value !== null);
    return Object.fromEntries(known) as unknown as Item;
  });
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null };

/** Puts rows in the place of locked ones. */
export async function replaceItems(db: Knex, rows: readonly ItemRow[]): Promise<void> {
  await insertRows(
    db,
    'items',
    columnsOf(rows),
    `on conflict (item) do update set
       title = excluded.title, category = excluded.category, price = excluded.price, currency = excluded.currency,
       price_tier = excluded.price_tier, stock = excluded.stock, attributes = excluded.attributes,
       source = excluded.source, updated_at = excluded.updated_at`,
  );
}

function columnsOf(rows: readonly ItemRow[]) {
  return {
    item: { type: 'text', values: rows.map((row) => row.item) },
    title: { type: 'text', values: rows.map((row) => row.title) },
    category: { type: 'text', values: rows.map((row) => row.category) },
    price: { type: 'bigint', values: rows.map((row) => row.price?.toString() ?? null) },
    currency: { type: 'text', values: rows.map((row) => row.currency) },
    price_tier: { type: 'int', values: rows.map((row) => row.priceTier) },
    stock: { type: 'bigint', values: rows.map((row) => row.stock) },
    attributes: { type: 'json', values: rows.map((row) => row.attributes) },
    source: { type: 'text', values: rows.map((row) => row.source) },
    updated_at: { type: 'timestamptz', values: rows.map((row) => row.at) },
  } as const;
}
