import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseArms } from '../../src/reports/compare.js';
import { CellTable } from '../../src/reports/cell-table.js';
import type { MetricSums } from '../../src/reports/report-input.js';
import { addCrossSums, crossSumsOf, emptyCrossSums } from '../../src/statistics/cross-sums.js';
import { adjustedContrast } from '../../src/statistics/adjustment/adjusted-contrast.js';
import { adjustedMeans } from '../../src/statistics/adjustment/adjusted-means.js';
import { ratioDelta } from '../../src/statistics/ratios/ratio-delta.js';
import { isRefusal, type Estimate, type OrRefusal } from '../../src/statistics/result.js';
import { addSums, emptySums, sumsOf } from '../../src/statistics/sums.js';

/** Recipients with outcomes [y, d?, x?]. */
function sums(rows: readonly (readonly number[])[], outcomes = rows[0]?.length ?? 1): MetricSums {
  const big = rows.map((row) => row.map(BigInt));
  return {
    ...big.map(([y = 0n]) => sumsOf(y)).reduce(addSums, emptySums),
    cross: big.map(crossSumsOf).reduce(addCrossSums, emptyCrossSums(outcomes)),
  };
}

function must<T extends object>(value: OrRefusal<T>): T {
  if (isRefusal(value)) throw new Error(value.reason);
  return value;
}

const codeOf = (value: object): string | undefined => (isRefusal(value) ? value.code : undefined);
const covers = ({ interval }: Estimate, x: number): boolean => interval.lower <= x && x <= interval.upper;
const ratio = { type: 'ratio', denominator: 'opened' } as const;

const recipients = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 4 })), {
  minLength: 2,
  maxLength: 60,
});

describe('a metric with a denominator', () => {
  // The example of statistics: more openers who click less. 200 openers with 30 clicks against 250 with 32.5 of 1000.
  const arm = (openers: number, clickers: number, n: number) =>
    sums(Array.from({ length: n }, (_, i) => [i < clickers ? 1 : 0, i < openers ? 1 : 0]));
  const [control, treatment] = [arm(400, 60, 2000), arm(500, 65, 2000)];

  it('is total over total by the delta method', () => {
    const { difference, uplift, test } = analyseArms(ratio, [control, treatment], 0.95).pair(0, 1);
    expect(must(difference).value).toBeCloseTo(65 / 500 - 60 / 400, 14);
    expect(must(uplift).value).toBeCloseTo(65 / 500 / (60 / 400) - 1, 14);
    // With one denominator of 1 per opener the variance is R (1 - R) / Σd, times n / (n - 1).
    const v = (r: number, d: number): number => ((r * (1 - r)) / d) * (2000 / 1999);
    expect(must(test).statistic).toBeCloseTo((0.13 - 0.15) / Math.sqrt(v(0.13, 500) + v(0.15, 400)), 10);
    expect(must(analyseArms(ratio, [control], 0.95).level(0)).value).toBe(0.15);
  });

  it('warns where it compares different people, and only there', () => {
    const codes = (diagnostic: boolean) =>
      analyseArms({ ...ratio, diagnostic }, [control, treatment], 0.95).pair(0, 1).warnings.map(({ code }) => code);
    expect(codes(true)).toContain('diagnostic_ratio');
    expect(codes(false)).toEqual([]);
  });

  it('has intervals that exclude no effect exactly when its test rejects, and the contrast of two arms is the comparison', () => {
    let computed = 0;
    fc.assert(
      fc.property(recipients, recipients, fc.constantFrom(0.5, 0.8, 0.95), (a, b, level) => {
        const arms = [sums(a), sums(b)];
        const { difference, uplift, test } = analyseArms(ratio, arms, level).pair(0, 1);
        if (isRefusal(test) || isRefusal(difference)) return;
        computed++;
        expect(covers(difference, 0)).toBe(test.p >= 1 - level);
        if (!isRefusal(uplift)) expect(covers(uplift, 0)).toBe(test.p >= 1 - level);
        const contrast = must(analyseArms(ratio, [emptyArm, ...arms], level).contrast([0, -1, 1]));
        expect(contrast.estimate.value).toBeCloseTo(difference.value, 10);
        expect(contrast.test.statistic).toBeCloseTo(test.statistic, 6);
      }),
      { numRuns: 300 },
    );
    expect(computed).toBeGreaterThan(100);
  });

  it('is refused where nothing can be divided by, or the denominators are not known', () => {
    const none = sums([[0, 0], [0, 0]]);
    const analysis = analyseArms(ratio, [control, none], 0.95);
    expect(codeOf(analysis.pair(0, 1).difference)).toBe('too_few');
    expect(codeOf(analysis.level(1))).toBe('too_few');
    const { cross: _, ...unknown } = control;
    expect(codeOf(analyseArms(ratio, [control, unknown], 0.95).pair(0, 1).test)).toBe('invalid_input');
    expect(codeOf(analyseArms(ratio, [control, emptyArm], 0.95).pair(0, 1).test)).toBe('empty_arm');
    // Cross sums of one outcome are not those of a ratio.
    expect(codeOf(analyseArms(ratio, [control, sums([[1], [0]])], 0.95).pair(0, 1).test)).toBe('invalid_input');
  });

  it('keeps a share within 0 and 1', () => {
    const few = sums(Array.from({ length: 40 }, (_, i) => [i < 1 ? 1 : 0, i < 30 ? 1 : 0]));
    const level = must(analyseArms({ type: 'proportion', denominator: 'delivered' }, [few], 0.95).level(0));
    expect(level.interval.lower).toBe(0);
  });
}); // prettier-ignore

const emptyArm: MetricSums = emptySums;

describe('a metric with a covariate', () => {
  const rows = (n: number, effect: number, slope = 1) =>
    Array.from({ length: n }, (_, i) => [Math.round((i % 17) * slope + effect + ((i * 7) % 5)), i % 17]);
  const adjusted = { type: 'mean', covariate: 'before' } as const;

  it('shows the adjusted estimate over all arms, the plain one beside it', () => {
    const arms = [sums(rows(300, 0)), sums(rows(340, 1)), sums(rows(280, 0))];
    const raw = analyseArms(adjusted, arms, 0.95).pair(0, 1);
    const means = must(adjustedMeans(arms.map(({ cross }) => cross ?? emptyCrossSums(2))));
    const expected = must(adjustedContrast(means, [-1, 1, 0], 0.95));
    expect(must(raw.difference)).toEqual(expected.estimate);
    expect(raw.varianceReduction).toBeCloseTo(1 - expected.varianceRatio, 12);
    expect(raw.varianceReduction).toBeGreaterThan(0.8);
    expect(must(raw.unadjusted?.test ?? expected.test).method).toBe('mean.welch');
  });

  it('stands unadjusted, with a warning, where the covariate is of no use, missing or too rare', () => {
    const useless = rows(300, 0, 0).map(([y = 0], i) => [y, (i * 13) % 11]);
    const cases: [string, readonly MetricSums[], 'mean' | 'proportion'][] = [
      ['explains nothing', [sums(useless), sums(useless)], 'mean'],
      ['missing in an arm', [sums(rows(300, 0)), { ...sums(rows(300, 1)), cross: undefined }], 'mean'],
      ['fewer than 10', [sums(binary(300, 5)), sums(binary(300, 40))], 'proportion'],
    ];
    for (const [reason, arms, type] of cases) {
      const analysis = analyseArms({ type, covariate: 'before' }, arms, 0.95);
      const plain = analyseArms({ type }, arms, 0.95).pair(0, 1);
      const raw = analysis.pair(0, 1);
      expect(raw.difference).toEqual(plain.difference);
      expect(raw.test).toEqual(plain.test);
      expect(analysis.slopes).toBe('none');
      expect(raw.warnings.find(({ code }) => code === 'left_out')?.message).toContain(reason);
    }
  });

  it('leaves out arms that nobody is in, and compares the others', () => {
    const arms = [sums(rows(300, 0)), emptyArm, sums(rows(300, 1))];
    const analysis = analyseArms(adjusted, arms, 0.95);
    expect(must(analysis.pair(0, 2).difference).value).toBeCloseTo(1, 1);
    expect(codeOf(analysis.pair(0, 1).test)).toBe('empty_arm');
    expect(codeOf(analysis.contrast([-1, 1, 0]))).toBe('missing_cell');
    expect(codeOf(analysis.level(1))).toBe('empty_arm');
  });

  it('adjusts ratios too, and keeps the warning of a diagnostic', () => {
    const arms = [0, 1].map((effect) =>
      sums(Array.from({ length: 400 }, (_, i) => [(i % 13) + effect * (i % 2) + ((i * 5) % 3), 1 + (i % 2), i % 13])),
    );
    const metric = { type: 'ratio', denominator: 'orders', covariate: 'before', diagnostic: true } as const;
    const raw = analyseArms(metric, arms, 0.95).pair(0, 1);
    const [a, b] = arms.map(({ cross }) => cross ?? emptyCrossSums(3)) as [ReturnType<typeof emptyCrossSums>, ReturnType<typeof emptyCrossSums>];
    expect(raw.unadjusted?.difference).toEqual(must(ratioDelta(a, b, 0.95)).difference);
    expect(raw.varianceReduction).toBeGreaterThan(0.5);
    expect(raw.warnings.map(({ code }) => code)).toContain('diagnostic_ratio');
  });
}); // prettier-ignore

function binary(n: number, yes: number): number[][] {
  return Array.from({ length: n }, (_, i) => [i < yes ? 1 : 0, i % 3]);
}

describe('cells of one place', () => {
  const cell = (rows: readonly (readonly number[])[], capped?: readonly [bigint, bigint]) => {
    const { cross, ...own } = sums(rows, 2);
    return {
      metric: 'm',
      arm: 'A',
      sums: own,
      ...(cross ? { cross } : {}),
      ...(capped ? { capped: { recipients: capped[0], excess: capped[1] } } : {}),
    };
  };

  it('add up, cross sums and caps too, in any order', () => {
    const [a, b] = [cell([[1, 2], [0, 1]], [1n, 50n]), cell([[3, 1]], [2n, 7n])];
    const whole = cell([[1, 2], [0, 1], [3, 1]], [3n, 57n]);
    const { metric: _, arm: __, sums: own, ...rest } = whole;
    expect(new CellTable([a, b]).arm('m', 'A')).toEqual({ ...own, ...rest });
    expect(new CellTable([b, a]).arm('m', 'A')).toEqual({ ...own, ...rest });
  });

  it('have no cross sums where somebody’s are not known', () => {
    const { cross: _, ...bare } = cell([[1, 2]]);
    expect(new CellTable([cell([[3, 1]]), bare]).arm('m', 'A').cross).toBeUndefined();
    const nobody = { metric: 'm', arm: 'A', sums: emptySums };
    expect(new CellTable([nobody, cell([[3, 1]])]).arm('m', 'A').cross?.n).toBe(1n);
  });
}); // prettier-ignore
