import fc from 'fast-check';

import { type Interaction, matrixOf } from '../../../src/strategies/cf/matrix.js';
import type { Taste } from '../../../src/strategies/cf/recommender.js';

/** A few recipients and items with small whole weights, so that naive sums are exact. */
export const anyInteractions: fc.Arbitrary<Interaction[]> = fc.uniqueArray(
  fc.record({
    recipient: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    item: fc.constantFrom('i', 'j', 'k', 'l', 'm', 'n', 'o'),
    weight: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 25, selector: ({ recipient, item }) => `${recipient} ${item}` },
);

/** Weights of one recipient by item. */
export type Row = ReadonlyMap<string, number>;

export function rowsOf(interactions: readonly Interaction[]): Map<string, Map<string, number>> {
  const rows = new Map<string, Map<string, number>>();
  for (const { recipient, item, weight } of interactions) {
    const row = rows.get(recipient) ?? new Map<string, number>();
    rows.set(recipient, row.set(item, weight));
  }
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const columnsOf = (interactions: readonly Interaction[]) =>
  rowsOf(interactions.map(({ recipient, item, weight }) => ({ recipient: item, item: recipient, weight })));

export function dot(a: Row, b: Row): number {
  let sum = 0;
  for (const [key, value] of a) sum += value * (b.get(key) ?? 0);
  return sum;
}

export const lengthOf = (row: Row): number => Math.sqrt(dot(row, row));

/** What one recipient of the matrix did, as a taste. */
export function tasteIn(interactions: readonly Interaction[], row: Row): Taste {
  const { items } = matrixOf(interactions);
  const known = [...row].map(([item, weight]) => ({ place: items.indexOf(item), weight }));
  known.sort((a, b) => a.place - b.place);
  return {
    places: Int32Array.from(known, ({ place }) => place),
    weights: Float32Array.from(known, ({ weight }) => weight),
  };
}
