import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Purchases, rfmGrid, rfmScores } from '../../../src/profiles/features/rfm.js';
import { sharedRows } from '../../support/shared-data.js';

const anyPurchases: fc.Arbitrary<Purchases> = fc.oneof(
  fc.constant({ lastAt: undefined, orders: 0, spent: 0n }),
  fc.record({ lastAt: fc.nat(9), orders: fc.integer({ min: 1, max: 5 }), spent: fc.bigInt(-5n, 30n) }),
);

/** By counting everybody who is worse, for each. */
function naiveScore(values: readonly bigint[], value: bigint): number {
  const worse = values.filter((one) => one < value).length;
  const equal = values.filter((one) => one === value).length;
  return Math.min(5, 1 + Math.floor(((worse + equal / 2) / values.length) * 5));
}

describe('RFM scores', () => {
  it('are the same for equal values, never fall with a better one, and add up to the audience', () => {
    fc.assert(
      fc.property(fc.array(anyPurchases, { maxLength: 60 }), (audience) => {
        const scores = rfmScores(audience);
        const buyers = audience.flatMap((one, i) =>
          one.lastAt === undefined ? [] : [{ one, score: scores[i]! }],
        );
        for (const { one, score } of buyers) {
          expect(score.monetary).toBe(
            naiveScore(
              buyers.map((other) => other.one.spent),
              one.spent,
            ),
          );
          expect(score.frequency).toBe(
            naiveScore(
              buyers.map((other) => BigInt(other.one.orders)),
              BigInt(one.orders),
            ),
          );
        }
        const grid = rfmGrid(scores);
        const inCells = grid.cells.flat().reduce((sum, { n }) => sum + n, 0);
        expect(inCells + grid.never).toBe(audience.length);
        expect(grid.never).toBe(audience.length - buyers.length);
      }),
    );
  });

  it('do not depend on the order of the audience', () => {
    fc.assert(
      fc.property(fc.array(anyPurchases, { maxLength: 40 }), (audience) => {
        expect(rfmScores([...audience].reverse()).reverse()).toEqual(rfmScores(audience));
      }),
    );
  });

  const recencyOf = (values: readonly number[]) =>
    rfmScores(values.map((lastAt) => ({ lastAt, orders: 1, spent: 1n }))).map(({ recency }) => recency);

  it('are fifths of different values, and 3 where all are equal', () => {
    expect(recencyOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect(recencyOf([7, 7, 7, 7])).toEqual([3, 3, 3, 3]);
    expect(recencyOf([7])).toEqual([3]);
    expect(recencyOf([1, 1, 1, 1, 1, 1, 1, 1, 1, 2])).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 3, 5]);
  });

  it('are 0 for who never bought, who count for nobody', () => {
    const never = { lastAt: undefined, orders: 0, spent: 0n };
    expect(rfmScores([never, { lastAt: 1, orders: 1, spent: 1n }])).toEqual([
      { recency: 0, frequency: 0, monetary: 0 },
      { recency: 3, frequency: 3, monetary: 3 },
    ]);
    expect(rfmGrid(rfmScores([]))).toMatchObject({ audience: 0, never: 0 });
  });
});

const lines = sharedRows('online-retail-ii-2009-2010.csv.gz');

describe.skipIf(!lines)('customers of Online Retail II', () => {
  it('fall into fifths as counting by hand has them', () => {
    const customers = new Map<string, { lastAt: number; invoices: Set<string>; spent: bigint }>();
    for (const row of lines ?? []) {
      const id = row['CustomerID'] ?? '';
      const invoice = row['Invoice'] ?? '';
      if (id === '' || invoice.startsWith('C')) continue;
      const at = Date.parse(`${(row['InvoiceDate'] ?? '').replace(' ', 'T')}Z`);
      const cents = BigInt(Math.round(Number(row['Price']) * 100)) * BigInt(row['Quantity'] ?? '0');
      const known = customers.get(id) ?? { lastAt: at, invoices: new Set(), spent: 0n };
      known.invoices.add(invoice);
      customers.set(id, { ...known, lastAt: Math.max(known.lastAt, at), spent: known.spent + cents });
    }
    const audience = [...customers.values()].map(({ lastAt, invoices, spent }) => ({
      lastAt,
      orders: invoices.size,
      spent,
    }));
    expect(audience.length).toBe(4_314);
    const scores = rfmScores(audience);
    const orders = audience.map((one) => BigInt(one.orders));
    const spent = audience.map((one) => one.spent);
    for (let i = 0; i < audience.length; i += 40) {
      expect(scores[i]?.frequency).toBe(naiveScore(orders, orders[i]!));
      expect(scores[i]?.monetary).toBe(naiveScore(spent, spent[i]!));
    }
    // Money hardly ever ties, so its fifths are fifths.
    for (const score of [1, 2, 3, 4, 5]) {
      const n = scores.filter(({ monetary }) => monetary === score).length;
      expect(Math.abs(n - audience.length / 5)).toBeLessThan(3);
    }
    expect(rfmGrid(scores)).toMatchObject({ audience: 4_314, never: 0 });
  });
});
