import type { TextColumn } from '../files/text-column.js';
import type { Column, ColumnSpec } from '../strategies/ml/table.js';
import { isMissing } from './propensity-rows.js';

const plainNumber = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

function numberOf(text: string): number {
  const trimmed = text.trim();
  return plainNumber.test(trimmed) ? Number(trimmed) : NaN;
}

/**
 * What a column of a file is to a model, as told by the rows that it learns from: numbers where every value that is known is one,
 * else categories.
 */
export function specOf({ name, texts, codes }: TextColumn, rows: Int32Array, asText: boolean): ColumnSpec {
  const seen = new Uint8Array(texts.length);
  for (const row of rows) seen[codes[row] as number] = 1;
  const known = texts.filter((text, place) => seen[place] === 1 && !isMissing(text));
  if (!asText && known.every((text) => Number.isFinite(numberOf(text)))) return { name, type: 'number' };
  return { name, type: 'category', categories: [...new Set(known.map((text) => text.trim()))].sort() };
}

/** Rows of the column as a model wants them. A category that it does not know, and a text among numbers, is missing to it. */
export function columnFor(spec: ColumnSpec, { texts, codes }: TextColumn, rows: Int32Array): Column {
  if (spec.type === 'number') {
    const values = texts.map((text) => (isMissing(text) ? NaN : numberOf(text)));
    return { ...spec, values: Float64Array.from(rows, (row) => values[codes[row] as number] as number) };
  }
  const places = new Map(spec.categories.map((category, place) => [category, place]));
  const own = texts.map((text) => (isMissing(text) ? -1 : (places.get(text.trim()) ?? -1)));
  return { ...spec, codes: Int32Array.from(rows, (row) => own[codes[row] as number] as number) };
}

/** How many rows hold a value that is neither missing nor known to the model. */
export function strangersOf(spec: ColumnSpec, { texts, codes }: TextColumn, rows: Int32Array): number {
  const known = spec.type === 'category' ? new Set(spec.categories) : undefined;
  const isStranger = texts.map(
    (text) => !isMissing(text) && (known ? !known.has(text.trim()) : !Number.isFinite(numberOf(text))),
  );
  return rows.reduce((sum, row) => sum + Number(isStranger[codes[row] as number]), 0);
}
