import { z } from 'zod';
import type { ItemRow } from '../database/items.js';
import { currencyExponent, parseAmount } from '../experiments/money.js';
import { readWith } from '../experiments/read-with.js';
import { text } from '../experiments/text.js';
import { parseTraits } from '../profiles/parse-traits.js';
import { type RowProblem, sourceSchema } from './parse-profile.js';
import { rowTime, rowTimeProblem } from './row-time.js';

const mostInStock = 1_000_000_000;
/** Digits that a JSON number carries without loss. */
const mostDigits = 15;

/** One row of the catalogue as it arrives. */
export const itemSchema = z
  .strictObject({
    item: text(200).min(1, 'must have at least one character').describe('Id of the item, as events name it.'),
    title: text(500).optional().describe('What people read.'),
    category: text(200).optional().describe('Category, as events name it.'),
    price: z
      .union([z.number(), z.string().max(40)], 'must be an amount such as 19.99 or "19.99"')
      .optional()
      .describe('In major units.'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be a three-letter code such as "EUR"')
      .optional()
      .describe('Stands beside every price.'),
    priceTier: z
      .int('must be a whole number such as 2')
      .min(0, 'must be 0 or more')
      .max(1_000, 'must be at most 1000')
      .optional()
      .describe('Price tier: the higher, the dearer.'),
    stock: z
      .int('must be a whole number of pieces')
      .min(0, 'must be 0 or more')
      .max(mostInStock, `must be at most ${mostInStock}`)
      .optional()
      .describe('Pieces in stock.'),
    attributes: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
      .optional()
      .describe('Anything else about it.'),
    at: rowTime
      .optional()
      .describe('Since when this is so; now, unless you say otherwise. The later row wins as a whole.'),
    source: sourceSchema.optional().describe('Where it comes from.'),
  })
  .describe('One thing of the catalogue.');

const outerSchema = itemSchema.extend({ attributes: z.unknown().optional() });

export type ParsedItem =
  { readonly ok: true; readonly item: ItemRow } | { readonly ok: false; readonly error: RowProblem };

/** @returns the row, or the first thing that is wrong with it. */
export function parseItem(input: unknown, defaults: { source: string; now: Date }): ParsedItem {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refused('an item is an object such as {"item": "sku-1", "price": "19.99", "currency": "EUR"}', '');
  }
  const outer = readWith(outerSchema, input);
  if (!outer.ok) {
    const [problem] = outer.problems;
    return refused(problem?.message ?? 'is not an item', problem?.path ?? '');
  }
  const row = outer.value;
  const at = row.at ?? defaults.now.toISOString();
  const timeProblem = rowTimeProblem(at, defaults.now);
  if (timeProblem !== undefined) return refused(timeProblem, 'at', 'invalid_time');
  const price = priceOf(row);
  if ('code' in price) return { ok: false, error: price };
  const attributes = attributesOf(row.attributes);
  if ('code' in attributes) return { ok: false, error: attributes };
  return {
    ok: true,
    item: {
      item: row.item,
      title: row.title ?? null,
      category: row.category ?? null,
      price: price.units,
      currency: row.currency ?? null,
      priceTier: row.priceTier ?? null,
      stock: row.stock ?? null,
      attributes: attributes.json,
      source: row.source ?? defaults.source,
      at: new Date(at),
    },
  };
}

function priceOf({ price, currency }: z.infer<typeof outerSchema>): { units: bigint | null } | RowProblem {
  if (price === undefined && currency === undefined) return { units: null };
  if (currency === undefined) {
    return { code: 'invalid_item', message: 'a price needs its currency, such as "EUR"', path: 'currency' };
  }
  if (price === undefined)
    return { code: 'invalid_item', message: 'a currency stands beside a price', path: 'price' };
  const written = String(price);
  if (typeof price === 'number' && written.replace(/\D/g, '').length > mostDigits) {
    const message = 'a JSON number with so many digits is no longer exact; write the amount in quotes';
    return { code: 'invalid_amount', message, path: 'price' };
  }
  const exponent = currencyExponent(currency);
  const units = parseAmount(written, exponent);
  if (units !== undefined && units >= 0n) return { units };
  const example = exponent === 0 ? '20' : '19.99';
  const message = `must be an amount of 0 or more with at most ${exponent} digits after the point, such as ${example}`;
  return { code: 'invalid_amount', message, path: 'price' };
}

/** Attributes are bounded like traits: flat, a hundred at most. Written in the order of their names, so that equal ones are alike. */
function attributesOf(input: unknown): { json: string | null } | RowProblem {
  if (input === undefined) return { json: null };
  const parsed = parseTraits(input);
  if (!parsed.ok) {
    const [problem] = parsed.problems;
    const path = problem?.path ?? '';
    const joint = path === '' || path.startsWith('[') ? '' : '.';
    return {
      code: 'invalid_item',
      message: problem?.message ?? 'cannot be used',
      path: `attributes${joint}${path}`,
    };
  }
  const sorted = Object.entries(parsed.value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { json: JSON.stringify(Object.fromEntries(sorted)) };
}

function refused(message: string, path: string, code = 'invalid_item'): ParsedItem {
  return { ok: false, error: { code, message, ...(path !== '' && { path }) } };
}
