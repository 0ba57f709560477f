import { describe, expect, it } from 'vitest';
import { cohortRates, type RatePair } from '../../src/statistics/cohorts/cohort-rates.js';
import { normal } from '../../src/statistics/distributions/normal.js';
import { heterogeneity } from '../../src/statistics/cohorts/heterogeneity.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, must } from './arbitrary.js';
import { chance, draw } from './simulate.js';

function pair(x0: number, n0: number, x1: number, n1: number): RatePair {
  return {
    control: { successes: BigInt(x0), n: BigInt(n0) },
    treatment: { successes: BigInt(x1), n: BigInt(n1) },
  };
}

describe('rates in cohorts', () => {
  it('have close to the plain standard error in large cohorts with one common difference', () => {
    const pairs = [pair(1000, 10_000, 1200, 10_000), pair(3000, 10_000, 1600, 5000)];
    const effects = must(cohortRates(pairs));
    effects.forEach(({ value, se }, i) => {
      const { control, treatment } = pairs[i]!;
      const [p0, p1] = [control, treatment].map(({ successes, n }) => Number(successes) / Number(n)) as [
        number,
        number,
      ];
      const plain = (p0 * (1 - p0)) / Number(control.n) + (p1 * (1 - p1)) / Number(treatment.n);
      expect(value).toBeCloseTo(p1 - p0, 14);
      expect(se / Math.sqrt(plain)).toBeCloseTo(1, 2);
    });
  });

  it('keep a cohort in which nobody did it, with an uncertainty', () => {
    const [none] = must(cohortRates([pair(0, 50, 0, 50), pair(10, 100, 12, 100)]));
    expect(none?.value).toBe(0);
    expect(none?.se).toBeGreaterThan(0.02);
  });

  it('refuse what has no answer', () => {
    expect(codeOf(cohortRates([pair(0, 50, 0, 50), pair(0, 10, 0, 9)]))).toBe('no_variation');
    expect(codeOf(cohortRates([pair(1, 1, 1, 1)]))).toBe('no_variation');
    expect(codeOf(cohortRates([pair(0, 50, 3, 50), pair(0, 0, 0, 9)]))).toBe('empty_arm');
    expect(codeOf(cohortRates([pair(0, 50, 51, 50)]))).toBe('invalid_input');
  });

  it.each([
    [10, 900, 100, 0.01, 0.01],
    [10, 1800, 200, 0.02, 0.02],
    [5, 900, 100, 0.02, 0.04],
    [5, 9000, 1000, 0.002, 0.002],
    [20, 200, 200, 0.01, 0.03],
  ])(
    '%i cohorts of %i and %i, rates %f and %f: drawn estimates cover, and Q keeps its size',
    (...setting) => {
      const [cohorts, n0, n1, p0, p1] = setting;
      const random = chance(7);
      const [z, runs] = [normal.isf(0.025), 600];
      let [covered, rejected, total, sum] = [0, 0, 0, 0];
      for (let run = 0; run < runs; run += 1) {
        const effects = cohortRates(
          Array.from({ length: cohorts }, () => pair(draw(random, n0, p0), n0, draw(random, n1, p1), n1)),
        );
        if (isRefusal(effects)) continue;
        const { test, shrunk } = must(heterogeneity(effects));
        rejected += test.p < 0.05 ? 1 : 0;
        for (const { value, se } of shrunk) {
          covered += Math.abs(value - (p1 - p0)) <= z * se ? 1 : 0;
          sum += value;
          total += 1;
        }
      }
      expect(covered / total).toBeGreaterThanOrEqual(0.9);
      expect(rejected / runs).toBeLessThanOrEqual(0.08);
      expect(Math.abs(sum / total - (p1 - p0))).toBeLessThan(0.15 * Math.max(p0, p1));
    },
  );
});
