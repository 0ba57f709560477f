import type { Knex } from 'knex';

/** Which of these items are out of stock, or not in the catalogue any more? */
export async function soldOutItems(db: Knex, items: readonly string[]): Promise<Set<string>> {
  const result = await db.raw<{ rows: { item: string }[] }>(
    `select asked.item from unnest(?::text[]) as asked (item)
     left join items i on i.item = asked.item where i.item is null or i.stock <= 0`,
    [items as string[]],
  );
  return new Set(result.rows.map(({ item }) => item));
}
