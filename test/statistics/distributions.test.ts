import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArgumentError } from '../../src/statistics/argument-error.js';
import { beta } from '../../src/statistics/distributions/beta.js';
import { binomial } from '../../src/statistics/distributions/binomial.js';
import { chiSquared } from '../../src/statistics/distributions/chi-squared.js';
import { meanExcess } from '../../src/statistics/distributions/exact-product.js';
import { f } from '../../src/statistics/distributions/f.js';
import { logTwoSidedNormal, normal } from '../../src/statistics/distributions/normal.js';
import { logTwoSidedT, studentT } from '../../src/statistics/distributions/student-t.js';
import { distributions } from './conformance/distributions.js';
import { readReference } from './conformance/reference-cases.js';

function relative(got: number, expected: number): number {
  return got === expected ? 0 : Math.abs(got - expected) / Math.abs(expected);
}

interface GridPoint {
  dist: string;
  params: number[];
  side: 'upper' | 'lower';
  p: number;
  q: number;
  x: number;
  tail: number;
}

describe('published values', () => {
  it.each([
    ['normal 1.96', normal.sf(1.96), 0.024997895148220435],
    ['normal 37', normal.sf(37), 5.725571222524577e-300],
    ['normal quantile 1e-300', normal.isf(1e-300), 37.0470962993612],
    ['normal quantile 0.975', normal.quantile(0.975), 1.959963984540054],
    ['normal quantile 0.6', normal.quantile(0.6), 0.2533471031357998],
    ['log of a normal tail beyond doubles', normal.logSf(100), -5005.524208694205],
    ['t with one degree of freedom', studentT.isf(1e-100, 1), 3.1830988618379064e99],
    ['t with 2.5 degrees of freedom', studentT.sf(37, 2.5), 8.623018722644704e-5],
    ['t with 1e9 degrees of freedom', studentT.sf(37, 1e9), 5.72825842877757e-300],
    ['chi-squared', chiSquared.sf(1301, 1), 6.853426480509401e-285],
    ['chi-squared with many degrees', chiSquared.logSf(20198, 9999), -1589.5567356300314],
    ['chi-squared lower quantile', chiSquared.quantile(1e-6, 1), 1.5707963267957189e-12],
    ['F with 1e9 degrees', f.sf(40, 3, 1e9), 7.716817678781269e-26],
    ['F quantile', f.isf(1e-12, 5.5, 22.3), 64.19576631968587],
    ['beta with large shapes', beta.logCdf(0.098, 1e8, 9e8), -22495.937228585084],
    ['beta quantile', beta.quantile(1e-9, 0.5, 0.5), 2.46740110027234e-18],
    ['binomial with a billion', binomial.sf(500100000, 1e9, 0.5), 1.2695541235625876e-10],
  ])('%s', (_name, got, expected) => {
    expect(relative(got, expected)).toBeLessThan(1e-10);
  });
});

const grid = readReference('grid.json') as GridPoint[] | undefined;
if (grid === undefined) console.log('The grid of distribution values is not at hand: skipped.');

describe('grid of 50-digit values', () => {
  const families = ['norm', 't', 'chi2', 'f', 'beta'];
  it.skipIf(grid === undefined).each(families)('%s: tails, logarithms and quantiles to 1e-10', (dist) => {
    const family = distributions[dist]!;
    const [tail, logTail, quantile] = [
      { upper: family.sf!, lower: family.cdf! },
      { upper: family.logSf!, lower: family.logCdf! },
      { upper: family.isf!, lower: family.quantile! },
    ];
    const wrong = grid!
      .filter((point) => point.dist === dist)
      .filter(({ params, side, p, q, x, tail: expected }) => {
        const errors = [
          relative(tail[side](x, ...params), expected),
          relative(logTail[side](x, ...params), Math.log(expected)),
          relative(quantile[side](p, ...params), q),
        ];
        return !errors.every((error) => error < 1e-10);
      });
    expect(wrong).toEqual([]);
  });
});

const logP = fc.double({ min: -690, max: -0.001, noNaN: true });
const df = fc.double({ min: 0, max: 9, noNaN: true }).map((x) => 10 ** x);

describe('properties', () => {
  it('t quantiles near the normal ones have all their digits', () => {
    fc.assert(
      fc.property(fc.double({ min: -34, max: -1.3, noNaN: true }), fc.double({ min: 8, max: 1e6, noNaN: true }), (log, df) => {
        const t = studentT.isf(Math.exp(log), df);
        return Math.abs(studentT.logSf(t, df) - log) < 1e-12 * (1 - log);
      }),
    );
  }); // prettier-ignore

  it('quantiles undo upper tails', () => {
    fc.assert(
      fc.property(logP, df, df, (log, d1, d2) => {
        const p = Math.exp(log);
        // A rounding of the quantile itself moves the tail by its hazard, which is why logs are compared.
        const near = (got: number) => Math.abs(got - Math.log(p)) <= 1e-9 * Math.max(1, -log);
        return (
          near(normal.logSf(normal.isf(p))) &&
          near(studentT.logSf(studentT.isf(p, d1), d1)) &&
          relative(chiSquared.isf(chiSquared.sf(chiSquared.isf(p, d1), d1), d1), chiSquared.isf(p, d1)) <
            1e-9 &&
          (d2 < 2 || near(f.logSf(f.isf(p, d1, d2), d1, d2)))
        );
      }),
    );
  });

  it('both tails make a whole', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), df, (x, d) => {
        const positive = d * Math.exp(x / 4);
        return (
          Math.abs(normal.cdf(x) + normal.sf(x) - 1) < 1e-14 &&
          Math.abs(studentT.cdf(x, d) + studentT.sf(x, d) - 1) < 1e-13 &&
          Math.abs(chiSquared.cdf(positive, d) + chiSquared.sf(positive, d) - 1) < 1e-13 &&
          normal.cdf(x) === normal.sf(-x) &&
          studentT.cdf(x, d) === studentT.sf(-x, d)
        );
      }),
    );
  });

  it('agree where one family contains the other', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 30, noNaN: true }), df, (x, d) => {
        return (
          relative(chiSquared.sf(x * x, 1), 2 * normal.sf(x)) < 1e-11 &&
          relative(f.sf(x * x, 1, d), 2 * studentT.sf(x, d)) < 1e-10 &&
          Math.abs(logTwoSidedNormal(x) - Math.log(2 * normal.sf(x))) < 1e-11 &&
          Math.abs(logTwoSidedT(x, 1e15) - logTwoSidedNormal(x)) < 1e-8
        );
      }),
    );
  });

  it('binomial quantiles are the smallest that reach the probability', () => {
    const trials = fc.integer({ min: 0, max: 90 }).map((x) => Math.round(10 ** (x / 10)));
    const success = fc.integer({ min: 1, max: 10_000 }).map((x) => x / 10_001);
    fc.assert(
      fc.property(logP, trials, success, (log, n, p) => {
        const [q, target] = [Math.exp(log), Math.log(Math.exp(log))];
        const [lower, upper] = [binomial.quantile(q, n, p), binomial.isf(q, n, p)];
        return (
          binomial.logCdf(lower, n, p) >= target &&
          (lower === 0 || binomial.logCdf(lower - 1, n, p) < target) &&
          binomial.logSf(upper, n, p) <= target &&
          (upper === 0 || binomial.logSf(upper - 1, n, p) > target)
        );
      }),
    );
    // R: qbinom
    expect(binomial.quantile(0.975, 1000, 0.01)).toBe(17);
    expect(binomial.isf(1e-9, 1_000_000, 0.2)).toBe(202403);
  });

  it('the distance from the mean is exact to the last digit', () => {
    const [a, b] = [1e8 + 1 / 3, 9e8 + 1 / 7];
    const exact = (x: number) => BigInt(x * 2 ** 60);
    for (const x of [0.1, 0.1000001, 0.25, 0.09999]) {
      const scaled = (exact(a) << 60n) - (exact(a) + exact(b)) * exact(x);
      expect(relative(meanExcess(a, b, x), Number(scaled) / 2 ** 120)).toBeLessThan(1e-15);
    }
  });

  it('are monotone', () => {
    fc.assert(
      fc.property(logP, logP, df, (a, b, d) => {
        const [small, large] = [Math.exp(Math.min(a, b)), Math.exp(Math.max(a, b))];
        return (
          studentT.isf(small, d) >= studentT.isf(large, d) &&
          chiSquared.isf(small, d) >= chiSquared.isf(large, d)
        );
      }),
    );
  });

  it('answer end points, and throw outside their range', () => {
    expect(normal.isf(0)).toBe(Infinity);
    expect(normal.isf(1)).toBe(-Infinity);
    expect(() => normal.isf(-0.1)).toThrow(ArgumentError);
    expect(studentT.isf(0.5, 3)).toBe(0);
    expect(() => studentT.sf(1, -1)).toThrow('df must be a number above 0');
    expect(chiSquared.sf(0, 3)).toBe(1);
    expect(chiSquared.sf(-1, 3)).toBe(1);
    expect(chiSquared.sf(Infinity, 3)).toBe(0);
    expect(() => chiSquared.sf(NaN, 3)).toThrow(ArgumentError);
    expect(beta.quantile(0, 2, 3)).toBe(0);
    expect(beta.quantile(1, 2, 3)).toBe(1);
    expect(f.sf(Infinity, 2, 3)).toBe(0);
    expect(binomial.cdf(10, 10, 0.3)).toBe(1);
    expect(binomial.sf(-1, 10, 0.3)).toBe(1);
  });

  it('answer or throw by name whatever the numbers, and end', () => {
    const any = fc.constantFrom(
      ...[5e-324, 1e-308, 1e-100, 1e-9, 1e-4, 0.3, 0.5, 1, 2, 30, 9999, 10001, 1e6, 1e9, 1e12, 1e15],
      ...[1e17, 1e300, Number.MAX_VALUE, Infinity, -Infinity, NaN, 0, -1, -1e300],
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(distributions)),
        fc.array(any, { minLength: 4 }),
        (name, args) => {
          for (const [fn, ask] of Object.entries(distributions[name] ?? {})) {
            try {
              const got = ask(...args);
              if (Number.isNaN(got)) return false;
              if ((fn === 'cdf' || fn === 'sf') && !(got >= 0 && got <= 1)) return false;
              if (fn.startsWith('log') && !(got <= 0)) return false;
            } catch (error) {
              if (!(error instanceof ArgumentError)) throw error;
            }
          }
          return true;
        },
      ),
      { numRuns: 300 },
    );
  });
});
