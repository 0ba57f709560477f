import { insertOrLockItems, type ItemRow, replaceItems } from '../database/items.js';
import { quarantine, type QuarantinedRow } from '../database/quarantine.js';
import { inTransaction } from '../database/transaction.js';
import type { Context } from './context.js';
import { parseItem } from './parse-item.js';
import type { RowProblem } from './parse-profile.js';

export type ItemAnswer =
  | { readonly index: number; readonly id: string; readonly status: 'recorded' | 'unchanged' }
  | { readonly index: number; readonly id?: string; readonly status: 'refused'; readonly error: RowProblem };

export interface RecordItemsOptions {
  /** The source of rows that name none. */
  readonly source?: string;
  /** Where each row stands in its file or stream, from 1: quarantine shows it. */
  readonly lines?: readonly number[];
}

interface Good {
  readonly index: number;
  readonly item: ItemRow;
}

/**
 * Records rows of the catalogue, with an answer per row. Of several rows of one item the latest is the item, as a whole, in
 * whatever order they come. Bad rows are refused each by itself and kept in quarantine.
 */
export async function recordItems(
  ctx: Context,
  inputs: readonly unknown[],
  options: RecordItemsOptions = {},
): Promise<ItemAnswer[]> {
  const now = ctx.clock();
  const source = options.source ?? 'api';
  const answers: ItemAnswer[] = [];
  const good: Good[] = [];
  const bad: QuarantinedRow[] = [];
  inputs.forEach((input, index) => {
    const parsed = parseItem(input, { source, now });
    if (parsed.ok) return void good.push({ index, item: parsed.item });
    answers[index] = { index, ...idOf(input), status: 'refused', error: parsed.error };
    bad.push({
      kind: 'items',
      source,
      row: input,
      line: options.lines?.[index],
      receivedAt: now,
      ...parsed.error,
    });
  });
  good.sort((a, b) => compareItems(a.item, b.item));
  const changed = await inTransaction(ctx.db, async (trx) => {
    const written = await writeLatest(trx, good);
    await quarantine(trx, bad);
    return written;
  });
  for (const { index, item } of good) {
    answers[index] = { index, id: item.item, status: changed.has(index) ? 'recorded' : 'unchanged' };
  }
  return answers;
}

/** @param good in order of id, then from early to late. @returns the rows that were later than what was known before them. */
async function writeLatest(
  trx: Parameters<typeof insertOrLockItems>[0],
  good: readonly Good[],
): Promise<Set<number>> {
  const latest = new Map(good.map(({ item }) => [item.item, item]));
  const stored = await insertOrLockItems(trx, [...latest.values()]);
  await replaceItems(
    trx,
    [...latest.values()].filter((item) => {
      const known = stored.get(item.item);
      return known !== undefined && compareItems(item, known) > 0;
    }),
  );
  const known = new Map(stored);
  return new Set(
    good.flatMap(({ index, item }) => {
      const before = known.get(item.item);
      if (before !== undefined && compareItems(item, before) <= 0) return [];
      known.set(item.item, item);
      return [index];
    }),
  );
}

/** By id, then by time, then by source, then by all that is said: a total order, so that the latest is always the same one. */
function compareItems(a: ItemRow, b: ItemRow): number {
  return (
    compareTexts(a.item, b.item) ||
    a.at.getTime() - b.at.getTime() ||
    compareTexts(a.source, b.source) ||
    compareTexts(saidBy(a), saidBy(b))
  );
}

function saidBy({ title, category, price, currency, priceTier, stock, attributes }: ItemRow): string {
  return JSON.stringify([title, category, price?.toString() ?? null, currency, priceTier, stock, attributes]);
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function idOf(input: unknown): { id: string } | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { item } = input as { item?: unknown };
  return typeof item === 'string' ? { id: item.slice(0, 200) } : undefined;
}
