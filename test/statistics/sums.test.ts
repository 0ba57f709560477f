import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratio } from '../../src/statistics/numerics/ratio.js';
import {
  addSums,
  emptySums,
  impossibleSums,
  smallestSumSquares,
  mean,
  outcomeSums,
  skewness,
  sumsOf,
  variance,
  type WrittenSums,
} from '../../src/statistics/sums.js';
import { codeOf, outcomes, sumUp } from './arbitrary.js';

const text: WrittenSums = { n: '4', nonZero: '2', sum: '30', sumSquares: '500', sumCubes: '9000' };

describe('ratio', () => {
  it('sees what lies beyond the digits of a tie', () => {
    const den = 3n ** 60n;
    const tie = (2n ** 54n + 2n) * den;
    expect(ratio(tie, den)).toBe(2 ** 54);
    expect(ratio(tie + 1n, den)).toBe(2 ** 54 + 4);
    expect(ratio(-tie - 1n, den)).toBe(-(2 ** 54) - 4);
  });

  it('rounds like the division of doubles where those are exact', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.maxSafeInteger().filter((d) => d !== 0),
        (a, b) => {
          return ratio(BigInt(a), BigInt(b)) === a / b + 0;
        },
      ),
    );
  });

  it('does not care about a common factor of any size', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }),
        fc.bigInt({ min: 1n, max: 10n ** 60n }),
        (a, b) => {
          return ratio(a, b) === ratio(a * 7n ** 300n, b * 7n ** 300n) && ratio(a, b) === ratio(-a, -b);
        },
      ),
    );
  });
});

describe('sums', () => {
  it('add up in any order to the sums of all outcomes', () => {
    fc.assert(
      fc.property(outcomes, outcomes, outcomes, (a, b, c) => {
        const [x, y, z] = [sumUp(a), sumUp(b), sumUp(c)];
        expect(addSums(x, y)).toEqual(addSums(y, x));
        expect(addSums(addSums(x, y), z)).toEqual(addSums(x, addSums(y, z)));
        expect(addSums(addSums(x, y), z)).toEqual(sumUp([...a, ...b, ...c]));
      }),
    );
  });

  it('give the moments of the outcomes', () => {
    fc.assert(
      fc.property(outcomes, (values) => {
        const numbers = values.map(Number);
        const m = numbers.reduce((s, y) => s + y, 0) / numbers.length;
        const power = (k: number) => numbers.reduce((s, y) => s + (y - m) ** k, 0);
        const sums = sumUp(values);
        expect(mean(sums)).toBeCloseTo(m, 6);
        expect(variance(sums) / (power(2) / (numbers.length - 1) || 1)).toBeCloseTo(power(2) > 0 ? 1 : 0, 6);
        if (power(2) > 0) {
          const expected = power(3) / numbers.length / (power(2) / numbers.length) ** 1.5;
          expect(skewness(sums)).toBeCloseTo(expected, 6);
        }
      }),
    );
  });

  it('keep the variance where doubles lose it', () => {
    const sums = {
      n: 200n,
      nonZero: 200n,
      sum: 180000000000017n,
      sumSquares: 162000000000030600000005000n,
      sumCubes: 0n,
    };
    expect(variance(sums)).toBe(25.118366834170853);
  });

  it('are read from what a database writes', () => {
    expect(outcomeSums(text)).toEqual({ n: 4n, nonZero: 2n, sum: 30n, sumSquares: 500n, sumCubes: 9000n });
  });

  it.each([
    ['a fraction', { ...text, sum: '30.5' }],
    ['an exponent', { ...text, sumSquares: '5e2' }],
    ['nothing', { ...text, n: '' }],
    ['a negative number of recipients', { ...text, n: '-4' }],
    ['more outcomes than recipients', { ...text, nonZero: '5' }],
    ['squares below the sum', { ...text, sumSquares: '224' }],
    ['squares that two outcomes cannot have', { ...text, sumSquares: '449' }],
    ['outcomes of nobody', { ...text, nonZero: '0' }],
    ['an even sum with an odd sum of squares', { ...text, sumSquares: '501' }],
    ['cubes of another remainder by six', { ...text, sumCubes: '9002' }],
    ['cubes beyond the squares', { ...text, sumCubes: String(30 + 6 * 2_000) }],
    [
      'squares below those of whole numbers',
      { n: '4', nonZero: '4', sum: '6', sumSquares: '8', sumCubes: '12' },
    ],
    ['squares below the count', { n: '4', nonZero: '4', sum: '0', sumSquares: '2', sumCubes: '0' }],
    ['zeros and ones with other cubes', { n: '4', nonZero: '3', sum: '3', sumSquares: '3', sumCubes: '9' }],
  ])('refuse %s', (_name, input) => {
    expect(codeOf(outcomeSums(input))).toBe('invalid_input');
  });

  it('of whole numbers are never refused', () => {
    fc.assert(
      fc.property(outcomes, (values) => {
        const sums = sumUp(values);
        expect(outcomeSums(sums)).toEqual(sums);
      }),
    );
  });

  it('have squares at least as large as those of numbers next to their mean', () => {
    const range = [-4n, -3n, -2n, -1n, 0n, 1n, 2n, 3n, 4n];
    const pairs = range.flatMap((a) => range.map((b) => [a, b] as const));
    for (let sum = -4n; sum <= 4n; sum += 1n) {
      const squares = pairs.flatMap(([a, b]) => (a + b === sum ? [a * a + b * b] : []));
      expect(smallestSumSquares(2n, sum)).toBe(
        squares.reduce((least, square) => (square < least ? square : least)),
      );
    }
  });

  it('in another unit are left alone by the test that methods make', () => {
    expect(impossibleSums({ n: 4n, nonZero: 4n, sum: 30n, sumSquares: 501n, sumCubes: 1n })).toBeUndefined();
  });

  it('cannot be changed', () => {
    for (const sums of [emptySums, sumsOf(3n), addSums(sumsOf(1n), sumsOf(2n)), outcomeSums(text)]) {
      expect(Object.isFrozen(sums)).toBe(true);
    }
  });
});
