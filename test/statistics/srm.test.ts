import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquared } from '../../src/statistics/distributions/chi-squared.js';
import { isRefusal } from '../../src/statistics/result.js';
import { cohortSrm } from '../../src/statistics/srm/cohort-srm.js';
import { sequentialSrm } from '../../src/statistics/srm/sequential-srm.js';
import { chiSquaredSplit, srm } from '../../src/statistics/srm/srm.js';
import { codeOf, must } from './arbitrary.js';
import { chance } from './simulate.js';

const split = fc
  .array(
    fc.record({
      count: fc.oneof(fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 10n ** 9n })),
      weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .filter((arms) => arms.some(({ count }) => count > 0n));

describe('chi-squared test of a split', () => {
  it('is the sample ratio test wherever five are expected in every arm', () => {
    expect(chiSquaredSplit([5000n, 5100n], [1, 1])).toEqual(srm([5000n, 5100n], [1, 1]));
    expect(codeOf(chiSquaredSplit([5n, 6n], [1, 0]))).toBe(codeOf(srm([5n, 6n], [1, 0])));
  });

  it('stays with the chi-squared distribution where fewer are expected', () => {
    const few = must(chiSquaredSplit([1n, 0n], [1, 1]));
    expect(few.method).toBe('srm.chi_squared');
    expect(few.p).toBeCloseTo(0.317310507862914, 14); // a squared normal above 1
    const exact = must(srm([1n, 0n], [1, 1]));
    expect([exact.method, exact.p, exact.statistic]).toEqual(['srm.exact', 1, few.statistic]);
  });
});

describe('sequential sample ratio test', () => {
  it('is the Bayes factor, multiplied out one recipient after the other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(2), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 10, 1000),
        (order, concentration) => {
          const weights = [1, 2, 5];
          const seen = [0, 0, 0];
          let log = 0;
          // Pólya's urn: every recipient falls into an arm with its share of prior and earlier recipients.
          order.forEach((arm, n) => {
            const share = (weights[arm] ?? NaN) / 8;
            log += Math.log((concentration * share + (seen[arm] ?? NaN)) / ((concentration + n) * share));
            seen[arm] = (seen[arm] ?? NaN) + 1;
          });
          const { statistic } = must(sequentialSrm([seen.map(BigInt)], weights, concentration));
          expect(statistic).toBeCloseTo(log, 10);
        },
      ),
    );
  });

  it('keeps its digits at 1e9 and 1e15', () => {
    // 50 digits by mpmath.
    const { statistic } = must(sequentialSrm([[500_000_000n, 500_400_000n]], [1, 1]));
    expect(Math.abs(statistic / 74.21052296291299 - 1)).toBeLessThan(1e-14);
    const more = must(sequentialSrm([[99_999_900_000_007n, 900_000_100_000_011n]], [1, 9])).statistic;
    expect(Math.abs(more / 42.89126441184843 - 1)).toBeLessThan(1e-14);
  });

  it('does not heed the order of the arms or the scale of the weights', () => {
    fc.assert(
      fc.property(split, (arms) => {
        const ask = (list: typeof arms, scale = 1) =>
          must(
            sequentialSrm(
              [list.map(({ count }) => count)],
              list.map(({ weight }) => weight * scale),
            ),
          ).statistic;
        const one = ask(arms);
        const close = 1e-9 * Math.max(1, Math.abs(one));
        expect(Math.abs(ask(arms.toReversed()) - one)).toBeLessThan(close);
        expect(Math.abs(ask(arms, 4) - one)).toBeLessThan(close);
        const unused = ask([...arms, { count: 0n, weight: 0 }]);
        expect(Math.abs(unused - one)).toBeLessThan(close);
      }),
    );
  });

  it('keeps the smallest p of all looks', () => {
    const looks = [
      [100n, 160n],
      [500n, 560n],
      [1000n, 1005n],
    ];
    const result = must(sequentialSrm(looks, [1, 1], 100));
    const single = looks.map((look) => must(sequentialSrm([look], [1, 1], 100)));
    expect(result.logBayesFactors).toEqual(single.map(({ statistic }) => statistic));
    expect(result.p).toBe(Math.min(...single.map(({ p }) => p)));
    expect(result.running.map(({ p }) => p)).toEqual([result.p, result.p, result.p]);
    expect(result.p).toBeLessThan(1);
    expect(single[2]?.p).toBe(1);
  });

  it('expects shares between the plan and what it saw', () => {
    const { posteriorMean } = must(sequentialSrm([[0n, 12n]], [1, 1], 10));
    expect(posteriorMean).toEqual([5 / 22, 17 / 22]);
    expect(must(sequentialSrm([[5n, 5n, 0n]], [1, 1, 0])).posteriorMean[2]).toBe(0);
  });

  it('raises fewer false alarms than alpha, and sees a lasting fault', () => {
    const random = chance(3);
    const alarms = (rate: number) => {
      let count = 0;
      for (let run = 0; run < 400; run += 1) {
        let treated = 0;
        const looks = Array.from({ length: 14 }, (_, day) => {
          for (let i = 0; i < 200; i += 1) treated += random() < rate ? 1 : 0;
          return [BigInt((day + 1) * 200 - treated), BigInt(treated)];
        });
        count += must(sequentialSrm(looks, [1, 1], 1000)).p < 0.05 ? 1 : 0;
      }
      return count / 400;
    };
    expect(alarms(0.5)).toBeLessThan(0.05);
    expect(alarms(0.56)).toBeGreaterThan(0.95);
  });

  it('answers to 200 arms', () => {
    const counts = Array.from({ length: 200 }, (_, i) => BigInt(1000 + (i % 7)));
    expect(
      must(
        sequentialSrm(
          [counts],
          counts.map(() => 1),
        ),
      ).p,
    ).toBe(1);
  });

  it('refuses', () => {
    expect(codeOf(sequentialSrm([], [1, 1]))).toBe('too_few');
    expect(codeOf(sequentialSrm([[0n, 0n]], [1, 1]))).toBe('too_few');
    expect(codeOf(sequentialSrm([[1n, 1n]], [1, 0]))).toBe('zero_weight');
    expect(codeOf(sequentialSrm([[1n, 1n]], [1]))).toBe('invalid_input');
    for (const looks of [
      [
        [5n, 5n],
        [4n, 9n],
      ],
      [[5n], [5n, 5n]],
      [
        [-1n, 5n],
        [5n, 5n],
      ],
      [[-1n, 5n]],
    ])
      expect(codeOf(sequentialSrm(looks, [1, 1]))).toBe('invalid_input');
    for (const weight of [NaN, Infinity, -1])
      expect(codeOf(sequentialSrm([[1n, 1n]], [1, weight]))).toBe('invalid_input');
    for (const c of [0, -1, NaN, Infinity, 1e-320])
      expect(codeOf(sequentialSrm([[1n, 1n]], [1, 1], c))).toBe('invalid_input');
  });
});

describe('sample ratio test per cohort', () => {
  const cohorts = [
    [500n, 510n],
    [300n, 299n],
    [800n, 950n],
  ];

  it('tests each, all together, and their sum', () => {
    const result = must(cohortSrm(cohorts, [1, 1]));
    const alone = cohorts.map((counts) => must(srm(counts, [1, 1])));
    expect(result.cohorts.map((cohort) => must(cohort).p)).toEqual(alone.map(({ p }) => p));
    expect(result.pooled).toEqual(srm([1600n, 1759n], [1, 1]));
    const sum = alone.reduce((total, { statistic }) => total + statistic, 0);
    expect(result.total.statistic).toBeCloseTo(sum, 12);
    expect(result.total.p).toBeCloseTo(chiSquared.sf(sum, 3), 14);
    expect(result.ranking).toEqual([2, 0, 1]);
    expect(result.cohorts.reduce((total, cohort) => total + must(cohort).contribution, 0)).toBeCloseTo(1, 12);
    expect(must(result.cohorts[2]!).pHolm).toBeCloseTo(3 * (alone[2]?.p ?? NaN), 15);
  });

  it('finds faults that cancel', () => {
    const result = must(
      cohortSrm(
        [
          [1000n, 1300n],
          [1300n, 1000n],
        ],
        [1, 1],
      ),
    );
    expect(result.pooled.p).toBe(1);
    expect(result.total.p).toBeLessThan(1e-10);
  });

  it('refuses cohorts that cannot be judged, counts them in the adjustment, and goes on', () => {
    const result = must(cohortSrm([[0n, 0n], ...cohorts], [1, 1]));
    expect(codeOf(result.cohorts[0]!)).toBe('too_few');
    expect(result.total.df).toEqual([3]);
    expect(result.ranking).toEqual([3, 1, 2]);
    const [, , , worst] = result.cohorts;
    if (!worst || isRefusal(worst)) throw new Error('refused');
    expect(worst.pHolm).toBeCloseTo(4 * worst.p, 15);
  });

  it('is exact in small cohorts, and says so', () => {
    const result = must(cohortSrm([[1n, 4n], ...cohorts], [1, 1]));
    expect(must(result.cohorts[0]!).method).toBe('srm.exact');
    expect(result.total.warnings.map(({ code }) => code)).toEqual(['small_expected']);
    expect(must(cohortSrm(cohorts, [1, 1])).total.warnings).toEqual([]);
  });

  it('refuses', () => {
    expect(codeOf(cohortSrm([], [1, 1]))).toBe('invalid_input');
    expect(codeOf(cohortSrm([[1n]], [1, 1]))).toBe('invalid_input');
    expect(codeOf(cohortSrm([[1n, -1n]], [1, 1]))).toBe('invalid_input');
    expect(codeOf(cohortSrm([[1n, 1n]], [1, 0]))).toBe('zero_weight');
    expect(codeOf(cohortSrm([[0n, 0n]], [1, 1]))).toBe('too_few');
  });
});
