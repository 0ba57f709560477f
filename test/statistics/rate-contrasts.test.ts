import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, jointContrasts } from '../../src/statistics/factorial/contrast.js';
import { factorialContrasts, higherOrderRows } from '../../src/statistics/factorial/factorial-contrasts.js';
import { isRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import { codeOf, counts, leavesOutZero, levels, must } from './arbitrary.js';
import { chance, draw, share } from './simulate.js';

function binary(successes: number | bigint, n: number | bigint): OutcomeSums {
  const k = BigInt(successes);
  return { n: BigInt(n), nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}

const twoByTwo = factorialContrasts([2, 2]);
const main = twoByTwo[0]!.coefficients;
const interaction = twoByTwo.find((one) => one.kind === 'interaction')!.coefficients;

describe('contrasts of rates with smoothed variances', () => {
  const fourCells = fc.array(
    counts.map(({ successes, n }) => binary(successes, n)),
    { minLength: 4, maxLength: 4 },
  );

  it('leave out no effect exactly when the test rejects, and stay within reach', () => {
    fc.assert(
      fc.property(fourCells, levels, fc.constantFrom(main, interaction), (cells, level, coefficients) => {
        const result = contrast('proportion', cells, coefficients, level, 'smoothed');
        fc.pre(!isRefusal(result));
        const { test, estimate } = must(result);
        const { lower, upper } = estimate.interval;
        const reach = coefficients === main ? 1 : 2;
        expect(leavesOutZero(estimate.interval)).toBe(test.p < 1 - level);
        expect(-reach <= lower && upper <= reach).toBe(true);
        expect(lower <= estimate.value + 1e-12 && estimate.value - 1e-12 <= upper).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('are hardly other than plain ones in ordinary cells', () => {
    const cells = [141, 112, 121, 106].map((k) => binary(k, 495));
    for (const coefficients of [main, interaction]) {
      const [plain, smoothed] = (['plain', 'smoothed'] as const).map((rates) =>
        must(contrast('proportion', cells, coefficients, 0.95, rates)),
      );
      expect(smoothed!.estimate.value).toBe(plain!.estimate.value);
      expect(smoothed!.estimate.se / plain!.estimate.se - 1).toBeLessThan(0.005);
      expect(smoothed!.test.warnings).toEqual([]);
    }
  });

  it('do not take a cell at 0 % or with one recipient for certain, and say so', () => {
    const { estimate, test } = must(
      contrast('proportion', [0, 1, 5, 5].map((k) => binary(k, 5)), main, 0.95, 'smoothed'),
    ); // prettier-ignore
    expect(estimate.interval.upper).toBe(1);
    expect(estimate.interval.lower).toBeLessThan(0.6);
    expect(test.warnings.map((one) => one.code)).toEqual(['few_events']);
    const one = [binary(10, 100), binary(10, 100), binary(10, 100), binary(1, 1)];
    expect(must(contrast('proportion', one, main, 0.95, 'smoothed')).test.p).toBeGreaterThan(0.05);
    expect(must(contrast('proportion', one, main, 0.95)).test.p).toBeLessThan(1e-10);
  });

  it('give exactly 0 where there is no effect', () => {
    const cells = Array.from({ length: 12 }, (_, i) => binary([3, 7, 11][i % 3]!, 30));
    for (const { kind, factors, coefficients } of factorialContrasts([2, 2, 3])) {
      if (kind !== 'interaction' && factors[0] === 2) continue;
      const { value } = must(contrast('proportion', cells, coefficients, 0.95, 'smoothed')).estimate;
      expect(Object.is(value, 0)).toBe(true);
    }
  });

  it('refuse only where nobody or everybody in all cells did it', () => {
    const none = [5, 5, 9, 9].map((n) => binary(0, n));
    const all = [5, 5, 9, 9].map((n) => binary(n, n));
    expect(codeOf(contrast('proportion', none, main, 0.95, 'smoothed'))).toBe('no_variation');
    expect(codeOf(contrast('proportion', all, main, 0.95, 'smoothed'))).toBe('no_variation');
    expect(codeOf(jointContrasts('proportion', none, [main, interaction], 'smoothed'))).toBe('no_variation');
    const split = [binary(0, 5), binary(0, 5), binary(9, 9), binary(9, 9)];
    expect(codeOf(contrast('proportion', split, main, 0.95, 'smoothed'))).toBe('not refused');
  });

  it.each([
    [[1000, 1000, 1000, 20], 0.02],
    [[5, 5, 5, 5], 0.5],
    [[500, 500, 500, 10], 0.1],
    [[2000, 2000, 200, 200], 0.005],
    [[100, 100, 100, 1], 0.1],
    [[3, 3, 3, 3], 0.5],
  ])('find an effect by chance in at most 7 percent: cells %j, rate %f', (sizes, p) => {
    const random = chance(11);
    const found = { main: 0, interaction: 0, both: 0 };
    const runs = 3000;
    share(runs, () => {
      const cells = sizes.map((n) => binary(draw(random, n, p), n));
      const rejects = (result: ReturnType<typeof jointContrasts>) => !isRefusal(result) && result.p < 0.05;
      found.main += rejects(jointContrasts('proportion', cells, [main], 'smoothed')) ? 1 : 0;
      found.interaction += rejects(jointContrasts('proportion', cells, [interaction], 'smoothed')) ? 1 : 0;
      found.both += rejects(jointContrasts('proportion', cells, [main, interaction], 'smoothed')) ? 1 : 0;
      return true;
    });
    for (const count of Object.values(found)) expect(count / runs).toBeLessThanOrEqual(0.07);
  });
});

describe('interactions of three or more factors', () => {
  it('are none of two factors and one of 2 x 2 x 2', () => {
    expect(higherOrderRows([2, 3])).toEqual([]);
    expect(higherOrderRows([2, 1, 2])).toEqual([]);
    expect(higherOrderRows([2, 2, 2])).toEqual([[-1, 1, 1, -1, 1, -1, -1, 1]]);
    expect(higherOrderRows([3, 4, 3])).toHaveLength(2 * 3 * 2);
    expect(higherOrderRows([2, 2, 2, 2])).toHaveLength(4 + 1);
  });

  it('cannot be seen in tables of two-way effects, and are tested at their size', () => {
    const rows = higherOrderRows([2, 2, 3]);
    const additive = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => {
      const [a, b, c] = [Math.floor(i / 6), Math.floor(i / 3) % 2, i % 3];
      return 0.1 + 0.02 * a + 0.05 * a * b + 0.03 * b * c + 0.01 * a * c;
    });
    for (const row of rows) {
      expect(row.reduce((sum, c, i) => sum + c * additive[i]!, 0)).toBeCloseTo(0, 12);
    }
    const random = chance(3);
    const size = share(2000, () => {
      const cells = additive.map((p) => binary(draw(random, 60, p), 60));
      return must(jointContrasts('proportion', cells, rows, 'smoothed')).p < 0.05;
    });
    expect(size).toBeLessThanOrEqual(0.07);
    expect(size).toBeGreaterThan(0.01);
  });
});
