import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/statistics/argument-error.js';
import {
  addCrossSums,
  covariance,
  crossSums,
  crossSumsOf,
  emptyCrossSums,
  impossibleCrossSums,
  momentsOf,
  product,
  type CrossSums,
} from '../../src/statistics/cross-sums.js';
import { exactInverse } from '../../src/statistics/numerics/exact-inverse.js';
import { mean, meanVariance, variance } from '../../src/statistics/sums.js';
import { codeOf, must, sumUp } from './arbitrary.js';

const value = fc.oneof(fc.bigInt({ min: -9n, max: 9n }), fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }));
const table = fc.array(fc.tuple(value, value, value), { minLength: 2, maxLength: 20 });

function add(rows: readonly (readonly bigint[])[]): CrossSums {
  return rows.map(crossSumsOf).reduce(addCrossSums, emptyCrossSums(rows[0]?.length ?? 1));
}

const text = { n: '3', sums: ['6', '9'], products: [['14'], ['20', '29']] };

describe('cross sums', () => {
  it('add up in any order', () => {
    fc.assert(
      fc.property(table, table, (a, b) => {
        expect(addCrossSums(add(a), add(b))).toEqual(add([...b, ...a]));
      }),
    );
  });

  it('of data are never refused, and give the moments of each outcome', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const cross = add(rows);
        expect(must(crossSums(cross))).toEqual(cross);
        const second = sumUp(rows.map((row) => row[1]));
        expect(mean(momentsOf(cross, 1))).toBe(mean(second));
        expect(variance(momentsOf(cross, 1))).toBe(variance(second));
        expect(meanVariance(momentsOf(cross, 1))).toBe(meanVariance(second));
        expect(covariance(cross, 1, 1)).toBe(variance(second));
        expect(covariance(cross, 0, 2)).toBe(covariance(cross, 2, 0));
      }),
    );
  });

  it('keep a covariance that doubles lose', () => {
    const far = 10n ** 15n;
    const rows = [1n, 2n, 3n, 4n].map((i) => [far + i, far - 2n * i]);
    expect(covariance(add(rows), 0, 1)).toBe(-10 / 3);
  });

  it('are read from what a database writes, and cannot be changed', () => {
    const cross = must(crossSums(text));
    expect(cross).toEqual({ n: 3n, sums: [6n, 9n], products: [[14n], [20n, 29n]] });
    expect(product(cross, 0, 1)).toBe(20n);
    for (const part of [cross, cross.sums, cross.products, cross.products[1]]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it.each([
    ['a fraction', { ...text, sums: ['6', '9.5'] }],
    ['an empty text', { ...text, products: [[''], ['20', '29']] }],
    [
      'a square instead of a triangle',
      {
        ...text,
        products: [
          ['14', '20'],
          ['20', '29'],
        ],
      },
    ],
    ['a missing row', { ...text, products: [['14']] }],
    ['no outcome', { n: '3', sums: [], products: [] }],
    ['a negative number of recipients', { ...text, n: '-3' }],
    ['sums of nobody', { ...text, n: '0' }],
    ['squares below the sum', { ...text, products: [['10'], ['20', '29']] }],
    ['a product beyond Cauchy and Schwarz', { ...text, products: [['14'], ['24', '29']] }],
    ['an odd sum of squares of an even sum', { ...text, products: [['15'], ['20', '29']] }],
    ['squares below those of whole numbers', { n: '4', sums: ['6'], products: [['9']] }],
  ])('refuse %s', (_name, input) => {
    expect(codeOf(crossSums(input))).toBe('invalid_input');
  });

  it('refuse three outcomes of which each pair is possible', () => {
    // Correlations 1, 1 and -1 between three outcomes.
    const cross = { n: 2n, sums: [0n, 0n, 0n], products: [[2n], [2n, 2n], [2n, -2n, 2n]] };
    expect(impossibleCrossSums(cross)?.code).toBe('invalid_input');
  });

  it('of unlike outcomes do not add up', () => {
    expect(() => addCrossSums(emptyCrossSums(2), emptyCrossSums(3))).toThrow(ArgumentError);
  });
});

describe('the exact inverse', () => {
  it('times the matrix is the unit matrix', () => {
    fc.assert(
      fc.property(table, (rows) => {
        const cross = add(rows);
        const gram = [0, 1, 2].map((i) => [0, 1, 2].map((j) => product(cross, i, j)));
        const inverse = exactInverse(gram);
        expect(inverse).toBeDefined();
        const { kept, determinant, adjugate } = inverse!;
        expect(determinant > 0n).toBe(true);
        for (const i of kept) {
          for (const j of kept) {
            const sum = kept.reduce((s, k) => s + gram[i]![k]! * adjugate[k]![j]!, 0n);
            expect(sum).toBe(i === j ? determinant : 0n);
          }
        }
      }),
    );
  });

  it('leaves out what follows from the others', () => {
    const inverse = exactInverse([
      [4n, 8n, 0n],
      [8n, 16n, 0n],
      [0n, 0n, 5n],
    ]);
    expect(inverse).toEqual({
      kept: [0, 2],
      determinant: 20n,
      adjugate: [
        [5n, 0n, 0n],
        [0n, 0n, 0n],
        [0n, 0n, 4n],
      ],
    });
  });

  it('has no answer to what no sums of products can be', () => {
    expect(exactInverse([[-1n]])).toBeUndefined();
    expect(exactInverse([[0n, 1n], [1n, 5n]])).toBeUndefined(); // prettier-ignore
    expect(exactInverse([[1n, 2n], [2n, 1n]])).toBeUndefined(); // prettier-ignore
  });
});
