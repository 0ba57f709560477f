import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, jointContrasts } from '../../src/statistics/factorial/contrast.js';
import { combinations } from '../../src/statistics/factorial/combinations.js';
import { factorialContrasts } from '../../src/statistics/factorial/factorial-contrasts.js';
import { pearson } from '../../src/statistics/proportions/pearson.js';
import { isRefusal } from '../../src/statistics/result.js';
import type { OutcomeSums } from '../../src/statistics/sums.js';
import { welch } from '../../src/statistics/means/welch.js';
import { welchAnova } from '../../src/statistics/means/welch-anova.js';
import { codeOf, leavesOutZero, levels, must, outcomes, sumUp } from './arbitrary.js';

function binary(successes: number, n: number): OutcomeSums {
  const k = BigInt(successes);
  return { n: BigInt(n), nonZero: k, sum: k, sumSquares: k, sumCubes: k };
}

describe('contrast', () => {
  it("of two means is Welch's test", () => {
    fc.assert(
      fc.property(outcomes, outcomes, outcomes, levels, (a, b, other, level) => {
        const pair = welch(sumUp(a), sumUp(b), level);
        fc.pre(!isRefusal(pair));
        const result = must(contrast('mean', [sumUp(a), sumUp(other), sumUp(b)], [-1, 0, 1], level));
        expect(result.test.df[0]! / pair.test.df[0]!).toBeCloseTo(1, 9);
        expect(Math.abs(result.test.p - pair.test.p)).toBeLessThan(1e-7);
        expect(leavesOutZero(result.estimate.interval)).toBe(result.test.p < 1 - level);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the digits of differences between huge means', () => {
    const far = (values: bigint[]) => sumUp(values.map((y) => y + 9n * 10n ** 15n));
    const { estimate } = must(
      contrast('mean', [far([1n, 2n, 3n]), far([2n, 2n, 5n]), far([1n, 9n])], [-1, 1, 0], 0.95),
    );
    expect(estimate.value).toBe(1);
    const thirds = [1 / 3, 1 / 3, 1 / 3, -1];
    const cells = [far([0n, 2n]), far([0n, 4n]), far([0n, 6n]), far([0n, 8n])];
    expect(must(contrast('mean', cells, thirds, 0.95)).estimate.value).toBeCloseTo(-2, 12);
  });

  it('with coefficients that do not add up to zero gives the level itself', () => {
    expect(
      must(contrast('mean', [sumUp([99n, 101n]), sumUp([199n, 201n])], [0.5, 0.5], 0.9)).estimate.value,
    ).toBe(150);
  });

  it('refuses what has no answer', () => {
    const cell = binary(3, 10);
    expect(codeOf(contrast('proportion', [cell, binary(0, 0)], [1, -1], 0.95))).toBe('missing_cell');
    expect(codeOf(contrast('proportion', [cell, cell, binary(0, 0)], [1, -1, 0], 0.95))).toBe('not refused');
    expect(codeOf(contrast('proportion', [binary(0, 10), binary(10, 10)], [1, -1], 0.95))).toBe(
      'no_variation',
    );
    expect(codeOf(contrast('proportion', [cell, sumUp([2n, 3n])], [1, -1], 0.95))).toBe('invalid_input');
    expect(codeOf(contrast('proportion', [cell, cell], [1], 0.95))).toBe('invalid_input');
    expect(codeOf(contrast('proportion', [cell, cell], [0, 0], 0.95))).toBe('invalid_input');
    expect(codeOf(contrast('proportion', [cell, cell], [1, NaN], 0.95))).toBe('invalid_input');
    expect(codeOf(contrast('mean', [sumUp([4n]), sumUp([1n, 2n])], [1, -1], 0.95))).toBe('too_few');
    const rows = [
      [1, -1, 0],
      [0, 1, -1],
      [1, 0, -1],
    ];
    expect(codeOf(jointContrasts('proportion', [cell, cell, cell], rows))).toBe('invalid_input');
    expect(codeOf(jointContrasts('proportion', [cell, cell, cell], []))).toBe('invalid_input');
  });
});

describe('joint contrasts', () => {
  it('of one row are the contrast itself', () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const cells = [sumUp(a), sumUp(b)];
        const single = contrast('mean', cells, [-1, 1], 0.95);
        fc.pre(!isRefusal(single));
        const joint = must(jointContrasts('mean', cells, [[-1, 1]]));
        expect(joint.df[1]! / single.test.df[0]!).toBeCloseTo(1, 9);
        expect(Math.abs(joint.p - single.test.p)).toBeLessThan(1e-9);
      }),
    );
  });

  it("of all differences are Welch's analysis of variance, whichever differences are chosen", () => {
    fc.assert(
      fc.property(fc.array(outcomes, { minLength: 3, maxLength: 5 }), (arms) => {
        const cells = arms.map(sumUp);
        const omnibus = welchAnova(cells);
        fc.pre(!isRefusal(omnibus));
        const spread = cells.map((cell) => Number(cell.sumSquares));
        fc.pre(Math.max(...spread) < 1e6 * Math.min(...spread));
        const row = (at: (i: number) => number) => cells.map((_, i) => at(i));
        const toFirst = cells.slice(1).map((_, k) => row((i) => (i === 0 ? -1 : i === k + 1 ? 1 : 0)));
        const neighbours = cells.slice(1).map((_, k) => row((i) => (i === k ? -1 : i === k + 1 ? 1 : 0)));
        for (const rows of [toFirst, neighbours]) {
          const joint = must(jointContrasts('mean', cells, rows));
          expect(joint.df[1]! / omnibus.df[1]!).toBeCloseTo(1, 6);
          expect(joint.p).toBeCloseTo(omnibus.p, 6);
        }
      }),
    );
  });

  it("for rates come close to Pearson's test in large arms", () => {
    const cells = [binary(10000, 100000), binary(10200, 100000), binary(10100, 100000)];
    const rows = [
      [-1, 1, 0],
      [-1, 0, 1],
    ];
    const joint = must(jointContrasts('proportion', cells, rows));
    const omnibus = must(pearson(cells.map(({ n, sum }) => ({ n, successes: sum }))));
    expect(joint.df).toEqual([2]);
    expect(joint.statistic / omnibus.statistic).toBeCloseTo(1, 2);
  });
});

describe('factorial contrasts', () => {
  const levelCounts = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 4 });

  it('of a 2 x 2 design are the textbook ones', () => {
    expect(factorialContrasts([2, 2])).toEqual([
      { kind: 'main', factors: [0], levels: [1], coefficients: [-0.5, -0.5, 0.5, 0.5] },
      { kind: 'main', factors: [1], levels: [1], coefficients: [-0.5, 0.5, -0.5, 0.5] },
      { kind: 'interaction', factors: [0, 1], levels: [1, 1], coefficients: [1, -1, -1, 1] },
      { kind: 'simple', factors: [0], levels: [1], at: [1, 0], coefficients: [-1, 0, 1, 0] },
      { kind: 'simple', factors: [0], levels: [1], at: [1, 1], coefficients: [0, -1, 0, 1] },
      { kind: 'simple', factors: [1], levels: [1], at: [0, 1], coefficients: [-1, 1, 0, 0] },
      { kind: 'simple', factors: [1], levels: [1], at: [1, 1], coefficients: [0, 0, -1, 1] },
    ]);
  });

  it('are as many as the design asks for, and compare like with like', () => {
    fc.assert(
      fc.property(levelCounts, (counts) => {
        const contrasts = factorialContrasts(counts);
        const of = (kind: string) => contrasts.filter((c) => c.kind === kind);
        const pairs = counts.flatMap((a, i) => counts.slice(i + 1).map((b) => (a - 1) * (b - 1)));
        const cells = counts.reduce((product, c) => product * c, 1);
        expect(of('main')).toHaveLength(counts.reduce((sum, c) => sum + c - 1, 0));
        expect(of('interaction')).toHaveLength(pairs.reduce((sum, c) => sum + c, 0));
        const simple = counts.reduce((sum, c) => sum + (cells / c) * (c - 1), 0);
        expect(of('simple')).toHaveLength(counts.length > 1 ? simple : 0);
        for (const { kind, coefficients } of contrasts) {
          expect(coefficients).toHaveLength(cells);
          expect(Math.abs(coefficients.reduce((sum, c) => sum + c, 0))).toBeLessThan(1e-12);
          const weight = coefficients.reduce((sum, c) => sum + Math.abs(c), 0);
          expect(weight).toBeCloseTo(kind === 'interaction' ? 4 : 2, 12);
        }
      }),
    );
  });

  it('find the effects a table was built from', () => {
    fc.assert(
      fc.property(
        levelCounts,
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 64, maxLength: 64 }),
        (counts, noise) => {
          // Additive effects of each level, and one interaction of the first two factors.
          const effect = (factor: number, level: number) => (level === 0 ? 0 : noise[factor * 4 + level]!);
          const both = (a: number, b: number) => (a > 0 && b > 0 ? noise[20 + a * 4 + b]! : 0);
          const table = combinations(counts).map((cell) => {
            const additive = cell.reduce((sum, level, factor) => sum + effect(factor, level), 0);
            return additive + both(cell[0] ?? 0, cell[1] ?? 0);
          });
          for (const { kind, factors, levels: at, coefficients } of factorialContrasts(counts)) {
            const got = coefficients.reduce((sum, c, i) => sum + c * table[i]!, 0);
            const [a = 0, b = 0] = factors;
            if (kind === 'interaction')
              expect(got).toBeCloseTo(a === 0 && b === 1 ? both(at[0]!, at[1]!) : 0, 9);
            if (kind === 'main' && a > 1) expect(got).toBeCloseTo(effect(a, at[0]!), 9);
          }
        },
      ),
    );
  });

  it('of a design without a choice are none', () => {
    expect(factorialContrasts([2, 1])).toEqual([]);
    expect(factorialContrasts([])).toEqual([]);
  });
});
