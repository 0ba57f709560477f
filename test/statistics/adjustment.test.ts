import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedContrast } from '../../src/statistics/adjustment/adjusted-contrast.js';
import { adjustedMeans } from '../../src/statistics/adjustment/adjusted-means.js';
import { adjustedUplift } from '../../src/statistics/adjustment/adjusted-uplift.js';
import { crossSumsOf } from '../../src/statistics/cross-sums.js';
import { isRefusal } from '../../src/statistics/result.js';
import { mean } from '../../src/statistics/sums.js';
import { codeOf, leavesOutZero, levels, must, sumUp } from './arbitrary.js';
import { chance, share } from './simulate.js';
import { add, armsOf, byBirth, chicks } from './adjustment-data.js';

describe('adjusted means', () => {
  it('leave out no effect exactly when the test rejects, for contrasts and uplifts', () => {
    fc.assert(
      fc.property(
        armsOf(1),
        levels,
        fc.constantFrom('pooled' as const, 'per_arm' as const),
        (rows, level, slopes) => {
          const adjusted = must(adjustedMeans(rows.map(add), slopes));
          const uplift = adjustedUplift(adjusted, 0, 1, level);
          const coefficients = rows.map((_, k) => (k === 1 ? 1 : k === 0 ? -1 : 0));
          const contrast = adjustedContrast(adjusted, coefficients, level);
          fc.pre(!isRefusal(contrast));
          const rejects = contrast.test.p < 1 - level;
          expect(leavesOutZero(contrast.estimate.interval)).toBe(rejects);
          if (!isRefusal(uplift)) expect(leavesOutZero(uplift.uplift.interval)).toBe(rejects);
        },
      ),
    );
  });

  it('have a covariance matrix from which every contrast follows', () => {
    fc.assert(
      fc.property(armsOf(2), (rows) => {
        const adjusted = must(adjustedMeans(rows.map(add), 'per_arm'));
        const coefficients = rows.map((_, k) => [1.5, -2, 0.25][k]!);
        const contrast = adjustedContrast(adjusted, coefficients, 0.95);
        fc.pre(!isRefusal(contrast));
        const variance = adjusted.covariance
          .flatMap((row, k) => row.map((v, l) => coefficients[k]! * coefficients[l]! * v))
          .reduce((sum, v) => sum + v, 0);
        expect(contrast.estimate.se ** 2 / variance).toBeCloseTo(1, 10);
        const value = adjusted.means.reduce((sum, m, k) => sum + coefficients[k]! * m, 0);
        expect(contrast.estimate.value).toBeCloseTo(value, 9);
      }),
    );
  });

  it("have Lin's variance, with what the estimated mean of the covariates adds", () => {
    const control = [[0n, 0n], [2n, 1n], [1n, 2n], [4n, 3n], [3n, 4n]]; // prettier-ignore
    const treatment = control.map(([y, x]) => [3n * y!, x! + 2n]);
    const arms = [control, treatment].map(add);
    const { slopes } = must(adjustedMeans(arms, 'per_arm'));
    expect(slopes[0]![0]).toBeCloseTo(0.8, 14);
    expect(slopes[1]![0]).toBeCloseTo(2.4, 14);
    const { estimate } = must(adjustedContrast(must(adjustedMeans(arms, 'per_arm')), [-1, 1], 0.95));
    // Within an arm S_yy = 10 (90), S_xx = 10, S_xy = 8 (24): s²_res = 0.9 (8.1). Over all ten S_xx = 20 + 10 and x̄ = 3.
    expect(estimate.se ** 2).toBeCloseTo(0.9 / 5 + 8.1 / 5 + (2.4 - 0.8) ** 2 * (30 / 9 / 10), 13);
    expect(estimate.value).toBeCloseTo(6 - 2.4 * (4 - 3) - (2 - 0.8 * (2 - 3)), 13);
  });

  it('do not care where covariates and outcomes begin, nor how covariates are mixed', () => {
    fc.assert(
      fc.property(armsOf(2), (rows) => {
        const plain = must(adjustedMeans(rows.map(add), 'per_arm'));
        const far = 10n ** 14n;
        const moved = rows.map((arm) => arm.map(([y, a, b]) => [y! + far, a! + 3n * b! - far, b! - a!]));
        const other = must(adjustedMeans(moved.map(add), 'per_arm'));
        const coefficients = rows.map((_, k) => (k === 1 ? 1 : k === 0 ? -1 : 0));
        const [before, after] = [plain, other].map((it) => adjustedContrast(it, coefficients, 0.95));
        fc.pre(plain.slopeKind === other.slopeKind && !isRefusal(before!));
        expect(must(after!).estimate.se).toBeCloseTo(must(before!).estimate.se, 10);
        expect(must(after!).estimate.value).toBeCloseTo(must(before!).estimate.value, 10);
      }),
    );
  });

  it('of equal arms are equal, and swap with their arms', () => {
    const arms = byBirth.slice(0, 2).map(add);
    const there = must(adjustedContrast(must(adjustedMeans(arms, 'per_arm')), [-1, 1], 0.95));
    const back = must(adjustedContrast(must(adjustedMeans(arms.toReversed(), 'per_arm')), [-1, 1], 0.95));
    expect(back.test.statistic).toBe(0 - there.test.statistic);
    const same = must(adjustedMeans([arms[0]!, arms[0]!], 'pooled'));
    expect(must(adjustedContrast(same, [-1, 1], 0.95)).estimate.value).toBe(0);
  });

  it('keep their digits with nearly collinear covariates', () => {
    // The second covariate is a million times the first, but for one recipient in each arm.
    const rows = [3n, 5n].map((step) =>
      Array.from({ length: 12 }, (_, i) => {
        const x = BigInt(i) * step;
        return [7n * x + BigInt((i * i) % 5), x, 1_000_000n * x + (i === 4 ? 1n : 0n)];
      }),
    );
    const adjusted = must(adjustedMeans(rows.map(add), 'pooled'));
    const simple = rows.map((arm) => arm.map(([y, x], i) => [y!, x!, i === 4 ? 1n : 0n]));
    const other = must(adjustedMeans(simple.map(add), 'pooled'));
    const [a, b] = [adjusted, other].map((it) => must(adjustedContrast(it, [-1, 1], 0.95)));
    expect(a!.estimate.se / b!.estimate.se).toBeCloseTo(1, 14);
    expect(a!.estimate.value / b!.estimate.value).toBeCloseTo(1, 14);
  });

  it('without covariates, or with useless ones, are the plain means', () => {
    const random = chance(3);
    const arm = () =>
      add(Array.from({ length: 500 }, () => [0, 1].map(() => BigInt(Math.floor(random() * 1_000)))));
    const arms = [arm(), arm()];
    const adjusted = must(adjustedMeans(arms));
    expect(adjusted.slopeKind).toBe('none');
    expect(adjusted.warnings.map(({ code }) => code)).toEqual(['left_out']);
    expect(adjusted.means).toEqual(adjusted.unadjusted);
    expect(must(adjustedContrast(adjusted, [-1, 1], 0.95)).varianceRatio).toBe(1);
    expect(must(adjustedMeans(arms, 'pooled')).slopeKind).toBe('pooled');
    const bare = must(adjustedMeans([add([[1n], [2n]]), add([[3n], [5n]])])); // prettier-ignore
    expect([bare.slopeKind, bare.means, bare.warnings]).toEqual(['none', [1.5, 4], []]);
    expect(bare.unadjusted[1]).toBe(mean(sumUp([3n, 5n])));
  });

  it('share a slope where an arm is small or hardly varies', () => {
    const kindOf = (n: number, ones: number, choice: 'auto' | 'per_arm' = 'auto') => {
      const arm = (size: number) =>
        add(
          Array.from({ length: size }, (_, i) => {
            const x = i < ones ? 1n : 0n;
            return [5n * x + BigInt(i % 3), x];
          }),
        );
      const adjusted = must(adjustedMeans([arm(n), arm(400)], choice));
      return [adjusted.slopeKind, ...adjusted.warnings.map(({ code }) => code)];
    };
    expect(kindOf(400, 40)).toEqual(['per_arm']);
    expect(kindOf(99, 40)).toEqual(['pooled', 'common_slope']);
    expect(kindOf(99, 40, 'per_arm')).toEqual(['per_arm']);
    expect(kindOf(400, 9)).toEqual(['pooled', 'common_slope']);
    expect(kindOf(400, 0)).toEqual(['none', 'left_out']);
    // All ones in the first arm: no slope of its own.
    expect(kindOf(30, 40, 'per_arm')).toEqual(['pooled', 'common_slope']);
  });

  it('narrow the interval by what the covariate explains, and keep its level', () => {
    const random = chance(11);
    const arm = (effect: number) =>
      add(
        Array.from({ length: 120 }, () => {
          const before = Math.floor(random() * 100);
          return [BigInt(before + effect + Math.floor(random() * 50)), BigInt(before)];
        }),
      );
    let ratios = 0;
    const missed = share(500, () => {
      const adjusted = must(adjustedMeans([arm(0), arm(5)]));
      const result = must(adjustedContrast(adjusted, [-1, 1], 0.95));
      ratios += result.varianceRatio / 500;
      return result.estimate.interval.lower > 5 || result.estimate.interval.upper < 5;
    });
    // Var(uniform noise of 50) over that plus Var(uniform 100).
    expect(ratios).toBeGreaterThan(0.18);
    expect(ratios).toBeLessThan(0.22);
    expect(missed).toBeGreaterThan(0.03);
    expect(missed).toBeLessThan(0.075);
  });

  it('refuse what has no answer', () => {
    const arms = byBirth.slice(0, 2).map(add);
    const [control] = arms;
    expect(codeOf(adjustedMeans([control!]))).toBe('invalid_input');
    expect(codeOf(adjustedMeans([control!, add(chicks[1]!)]))).toBe('invalid_input');
    expect(codeOf(adjustedMeans(arms, 'own' as never))).toBe('invalid_input');
    expect(codeOf(adjustedMeans([control!, crossSumsOf([1n, 2n])]))).toBe('too_few');
    expect(codeOf(adjustedMeans([control!, { n: 0n, sums: [0n, 0n], products: [[0n], [0n, 0n]] }]))).toBe(
      'empty_arm',
    );
    expect(codeOf(adjustedMeans([add([[1n, 2n], [3n, 5n]]), add([[1n, 2n], [3n, 2n]])]))).toBe('not refused'); // prettier-ignore
    expect(codeOf(adjustedMeans([add([[1n, 2n, 3n], [3n, 5n, 1n]]), add([[1n, 2n, 2n], [3n, 2n, 9n]])]))).toBe('too_few'); // prettier-ignore
    const adjusted = must(adjustedMeans(arms));
    for (const coefficients of [[1], [0, 0], [NaN, 1], [1, 2, 3]]) {
      expect(codeOf(adjustedContrast(adjusted, coefficients, 0.95))).toBe('invalid_input');
    }
    expect(codeOf(adjustedContrast(adjusted, [-1, 1], 0))).toBe('invalid_input');
    expect(codeOf(adjustedUplift(adjusted, 0, 0, 0.95))).toBe('invalid_input');
    expect(codeOf(adjustedUplift(adjusted, 0, 2, 0.95))).toBe('invalid_input');
    const exact = [0n, 5n].map((effect) => add([1n, 2n, 4n].map((x) => [x + effect, x])));
    expect(codeOf(adjustedContrast(must(adjustedMeans(exact, 'pooled')), [-1, 1], 0.95))).toBe(
      'no_variation',
    );
    const none = [add([[-1n, 41n], [1n, 42n], [0n, 40n]]), control!]; // prettier-ignore
    expect(codeOf(adjustedUplift(must(adjustedMeans(none)), 0, 1, 0.95))).toBe('baseline_zero');
  });
});
