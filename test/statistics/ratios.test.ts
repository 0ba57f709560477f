import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCrossSums, crossSumsOf, type CrossSums } from '../../src/statistics/cross-sums.js';
import { clusterMean } from '../../src/statistics/ratios/cluster-mean.js';
import { fiellerLimits } from '../../src/statistics/fieller-limits.js';
import { funnelIdentity } from '../../src/statistics/ratios/funnel-identity.js';
import { ratioDelta } from '../../src/statistics/ratios/ratio-delta.js';
import { isRefusal } from '../../src/statistics/result.js';
import { codeOf, leavesOutZero, levels, must } from './arbitrary.js';
import { chance, share } from './simulate.js';

/** A numerator and a denominator of each recipient. */
const arm = fc
  .array(fc.tuple(fc.bigInt({ min: -2n, max: 40n }), fc.bigInt({ min: 0n, max: 9n })), {
    minLength: 2,
    maxLength: 30,
  })
  .filter((rows) => rows.some(([, d]) => d > 0n));

function add(rows: readonly (readonly bigint[])[]): CrossSums {
  return rows.map(crossSumsOf).reduce(addCrossSums);
}

/** n people of whom `opened` opened and `clicked` of these clicked. */
function funnel(n: bigint, opened: bigint, clicked: bigint): CrossSums {
  return { n, sums: [clicked, opened], products: [[clicked], [clicked, opened]] };
}

describe('the ratio of two arms', () => {
  it('leaves out no effect exactly when the test rejects, for the difference and the uplift', () => {
    fc.assert(
      fc.property(arm, arm, levels, (a, b, level) => {
        const result = ratioDelta(add(a), add(b), level);
        fc.pre(!isRefusal(result));
        const rejects = result.test.p < 1 - level;
        expect(leavesOutZero(result.difference.interval)).toBe(rejects);
        if (isRefusal(result.uplift) || isRefusal(result.uplift.interval)) return;
        expect(leavesOutZero(result.uplift.interval)).toBe(rejects);
      }),
      { numRuns: 300 },
    );
  });

  it('has an uplift interval within which z lies at its ends', () => {
    fc.assert(
      fc.property(arm, arm, (a, b) => {
        const result = ratioDelta(add(a), add(b), 0.95);
        fc.pre(!isRefusal(result) && !isRefusal(result.uplift) && !isRefusal(result.uplift.interval));
        const { control, treatment } = result;
        // A treatment of nothing but zeros has the same z at every uplift.
        fc.pre(treatment.se > 0);
        for (const u of [result.uplift.interval.lower, result.uplift.interval.upper]) {
          fc.pre(Number.isFinite(u) && Math.abs(u) < 1e6);
          const se = Math.hypot(treatment.se, (1 + u) * control.se);
          const z = (treatment.value - (1 + u) * control.value) / se;
          expect(Math.abs(z)).toBeCloseTo(1.959963984540054, 5);
        }
      }),
    );
  });

  it('mirrors when the arms are swapped and does not care about units', () => {
    fc.assert(
      fc.property(arm, arm, fc.bigInt({ min: 2n, max: 10n ** 9n }), (a, b, unit) => {
        const there = ratioDelta(add(a), add(b), 0.95);
        fc.pre(!isRefusal(there));
        const back = must(ratioDelta(add(b), add(a), 0.95));
        expect(back.test.statistic).toBe(0 - there.test.statistic);
        expect(back.difference.interval.lower).toBe(0 - there.difference.interval.upper);
        const scaled = [a, b].map((rows) => add(rows.map(([y, d]) => [y * unit, d])));
        const other = must(ratioDelta(scaled[0]!, scaled[1]!, 0.95));
        expect(other.test.logP).toBeCloseTo(there.test.logP, 9);
        expect(other.difference.se / Number(unit) / there.difference.se).toBeCloseTo(1, 12);
      }),
    );
  });

  it('with equal denominators has the standard error of a mean', () => {
    const rows = [3n, 1n, 4n, 1n, 5n].map((y) => [y, 2n]);
    const { control } = must(ratioDelta(add(rows), add(rows), 0.95));
    expect(control.value).toBe(1.4);
    expect(control.se).toBeCloseTo(Math.sqrt(3.2 / 5) / 2, 14);
  });

  it('keeps the variance where y hardly differs from R d', () => {
    // Residuals of ±1 beside outcomes of 10^15: s_yy - 2R s_yd + R² s_dd has no digit left in doubles.
    const far = 10n ** 15n;
    const rows = Array.from({ length: 10 }, (_, i) => {
      const d = far * BigInt(1 + (i % 5));
      return [d + (i < 5 ? 1n : -1n), d];
    });
    const { seCr1 } = must(clusterMean(add(rows), 0.95));
    expect(seCr1 / (Math.sqrt((10 / 9) * 10) / 3e16)).toBeCloseTo(1, 12);
  });

  it('shows why a ratio must not decide: more marginal openers', () => {
    const control = funnel(100_000n, 20_000n, 3_000n);
    const treatment = funnel(100_000n, 25_000n, 3_250n);
    const { difference, diagnostic, test } = must(ratioDelta(control, treatment, 0.95));
    expect(difference.value).toBeCloseTo(-0.02, 12);
    expect(difference.interval.upper).toBeLessThan(0);
    expect(diagnostic).toBe(true);
    expect(test.warnings.map((warning) => warning.code)).toEqual(['diagnostic_ratio']);
    const split = must(funnelIdentity(control, treatment, 0.95));
    expect(split.perRecipient.value).toBeCloseTo(Math.log(3.25 / 3), 14);
    expect(split.perRecipient.interval.lower).toBeGreaterThan(0);
    expect(split.denominator.value + split.ratio.value).toBeCloseTo(split.perRecipient.value, 14);
    // Of a ratio of 0 or 1 outcomes the logarithm varies by (1 - p)/(n p) in each arm.
    const variance = (0.97 / 3_000 + 0.9675 / 3_250) * (100_000 / 99_999);
    expect(split.perRecipient.se).toBeCloseTo(Math.sqrt(variance), 12);
  });

  it('warns of few and of uncertain denominators, and not of assigned ones', () => {
    const warned = (n: bigint, opened: bigint) => {
      const { test } = must(
        ratioDelta(funnel(n, opened, opened / 2n), funnel(n, opened, 3n), 0.95, 'assigned'),
      );
      return test.warnings.map(({ code }) => code);
    };
    expect(warned(10_000n, 29n)).toEqual(['noisy_denominator', 'few_events']);
    expect(warned(10_000n, 200n)).toEqual(['noisy_denominator']);
    expect(warned(10_000n, 5_000n)).toEqual([]);
    expect(warned(20n, 20n)).toEqual(['few_events']);
  });

  it('covers where a test of single sends does not', () => {
    // Recipients differ: half open 1 send in 20, half 1 in 2.
    const random = chance(7);
    const row = (): bigint[] => {
      const sends = 1 + Math.floor(random() * 9);
      const rate = random() < 0.5 ? 0.05 : 0.5;
      const opens = Array.from({ length: sends }).filter(() => random() < rate).length;
      return [BigInt(opens), BigInt(sends)];
    };
    const sample = () => add(Array.from({ length: 150 }, row));
    const missed = share(1_000, () => {
      const result = must(ratioDelta(sample(), sample(), 0.95, 'assigned'));
      return leavesOutZero(result.difference.interval);
    });
    expect(missed).toBeGreaterThan(0.035);
    expect(missed).toBeLessThan(0.07);
  });

  it('refuses what has no answer', () => {
    const some = funnel(100n, 40n, 10n);
    expect(codeOf(ratioDelta(funnel(100n, 0n, 0n), some, 0.95))).toBe('too_few');
    expect(codeOf(ratioDelta(some, funnel(0n, 0n, 0n), 0.95))).toBe('empty_arm');
    expect(codeOf(ratioDelta(some, funnel(1n, 1n, 1n), 0.95))).toBe('too_few');
    expect(codeOf(ratioDelta(some, { ...some, products: [[10n], [11n, 5n]] }, 0.95))).toBe('invalid_input');
    expect(codeOf(ratioDelta(some, { n: 3n, sums: [3n], products: [[3n]] }, 0.95))).toBe('invalid_input');
    expect(codeOf(ratioDelta(some, add([[1n, -3n], [2n, 2n]]), 0.95))).toBe('invalid_input'); // prettier-ignore
    expect(codeOf(ratioDelta(some, some, NaN))).toBe('invalid_input');
    expect(codeOf(ratioDelta(some, some, 0.95, 'opened' as never))).toBe('invalid_input');
    const whole = funnel(100n, 40n, 40n);
    expect(codeOf(ratioDelta(whole, whole, 0.95))).toBe('no_variation');
    expect(codeOf(funnelIdentity(some, funnel(100n, 40n, 0n), 0.95))).toBe('baseline_zero');
  });

  it('has no uplift over zero, no bounds over nearly zero, no logarithm of zero', () => {
    const some = funnel(100n, 40n, 10n);
    const none = funnel(100n, 40n, 0n);
    expect(codeOf(must(ratioDelta(none, some, 0.95)).uplift)).toBe('baseline_zero');
    const over = must(must(ratioDelta(funnel(100n, 40n, 1n), some, 0.95)).uplift);
    expect([over.value, codeOf(over.interval), codeOf(over.log)]).toEqual([
      9,
      'baseline_zero',
      'not refused',
    ]);
    const lost = must(must(ratioDelta(some, none, 0.95)).uplift);
    expect([lost.value, codeOf(lost.interval), codeOf(lost.log)]).toEqual([
      -1,
      'not refused',
      'baseline_zero',
    ]);
  });
});

describe('mean per send', () => {
  it("weighs the chicks of R's ChickWeight as R does by hand", () => {
    const chicks: CrossSums = {
      n: 50n,
      sums: [70411n, 578n],
      products: [[108758323n], [837474n, 6818n]],
    };
    const { mean, seCr0, seCr1 } = must(clusterMean(chicks, 0.95));
    expect(mean.value).toBeCloseTo(121.81833910034602, 10);
    expect(seCr0).toBeCloseTo(4.20100660502465, 12);
    expect(seCr1).toBeCloseTo(4.24365751174629, 12);
    // t with 49 degrees of freedom.
    expect((mean.interval.upper - mean.value) / seCr1).toBeCloseTo(2.00957523712924, 9);
  });

  it('has the standard error of the ratio', () => {
    fc.assert(
      fc.property(arm, (rows) => {
        const mean = clusterMean(add(rows), 0.95);
        fc.pre(!isRefusal(mean));
        expect(mean.seCr1).toBe(must(ratioDelta(add(rows), add(rows), 0.95)).control.se);
      }),
    );
  });

  it('refuses one recipient, no sends and equal means', () => {
    expect(codeOf(clusterMean(crossSumsOf([1n, 4n]), 0.95))).toBe('too_few');
    expect(codeOf(clusterMean(add([[0n, 0n], [0n, 0n]]), 0.95))).toBe('too_few'); // prettier-ignore
    expect(codeOf(clusterMean(add([[1n, 2n], [3n, 6n]]), 0.95))).toBe('no_variation'); // prettier-ignore
  });
});

describe("Fieller's limits", () => {
  it('heed the covariance: a treatment that follows its control has a narrower interval', () => {
    const width = (covariance: number) => {
      const variance = 2 - 2 * covariance;
      const half = 1.96 * Math.sqrt(variance);
      const interval = { lower: 10 - half, upper: 10 + half, level: 0.95 };
      const limits = must(
        fiellerLimits({
          control: 100,
          treatment: 110,
          controlVariance: 1,
          treatmentVariance: 1,
          covariance,
          difference: { value: 10, interval },
          quantile: 1.96,
          rejects: true,
        }),
      );
      return limits.upper - limits.lower;
    };
    expect(width(0.9)).toBeLessThan(0.4 * width(0));
    // Solved by hand for covariance 0: a u² - 2 b u + c = 0 with a = 100² - z², b = 1000 + z², c = 100 - 2z².
    const [a, b, c] = [10_000 - 3.8416, 1_000 + 3.8416, 100 - 7.6832];
    expect(width(0)).toBeCloseTo((2 * Math.sqrt(b * b - a * c)) / a, 12);
  });
});
