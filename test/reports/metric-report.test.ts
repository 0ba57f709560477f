import { expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import { toReportEstimate } from '../../src/reports/to-report.js';
import { sampleInput, spend, sumsOfAll, visits } from './sample-input.js';
import type { MetricReport } from '../../src/reports/report-metric.js';

it('pairs Pearson’s test with the intervals that invert exactly it, not a cousin', () => {
  // chi-square 3.9394 rejects at 0.05 (3.8415); with the factor (N - 1) / N it would be 3.7879 and would not.
  const report = buildReport(sampleInput(['A', 'B'], [visits('A', 3, 11), visits('B', 10, 15)]));
  const [one] = report.metrics[0]?.comparisons ?? [];
  expect((one?.test as { p: number }).p).toBeLessThan(0.05);
  for (const estimate of [one?.difference, one?.uplift]) {
    expect((estimate as { lower: number }).lower).toBeGreaterThan(0);
  }
});

it('counts refused comparisons in the family that p is corrected for', () => {
  const cells = [visits('A', 100, 1000), visits('B', 150, 1000)];
  const report = buildReport(sampleInput(['A', 'B', 'C'], cells));
  const [b, c] = report.metrics[0]?.comparisons ?? [];
  expect(c?.test).toMatchObject({ refused: true });
  expect(c?.adjusted).toBeUndefined();
  expect(b?.adjusted?.family).toBe(2);
  expect(b?.adjusted?.p).toBeCloseTo(2 * 0.0007232327164301955, 12);
});

it('writes a side without bound as null', () => {
  const interval = { lower: 50, upper: Infinity, level: 0.95 };
  expect(toReportEstimate({ value: 200, interval }, spend, 'difference')).toMatchObject({
    value: 2,
    lower: 0.5,
    upper: null,
    intervalText: '+€0.50 to no upper bound',
  });
});

function spendOf(a: readonly number[], b: readonly number[]): MetricReport | undefined {
  const cells = [
    { metric: 'spend', arm: 'A', sums: sumsOfAll(a) },
    { metric: 'spend', arm: 'B', sums: sumsOfAll(b) },
  ];
  return buildReport(sampleInput(['A', 'B'], cells, { metrics: [spend] })).metrics[0];
}

it('shows the mean of an arm whose outcomes are all equal, without an interval', () => {
  const report = spendOf([0, 0, 0], [250, 250]);
  expect(report?.arms.map((arm) => [arm.mean, 'refused' in arm.value])).toEqual([
    [{ value: 0, text: '€0.00' }, true],
    [{ value: 2.5, text: '€2.50' }, true],
  ]);
  expect(spendOf([1, 2, 3], [1, 2, 4])?.arms[0]?.mean).toBeUndefined();
});

it('refuses an uplift over a mean below zero, where a gain would be written as a loss', () => {
  const report = spendOf([-1000, -900, -1100], [-100, -90, -110]);
  expect(report?.comparisons[0]).toMatchObject({
    difference: { text: '+€9.00' },
    uplift: { refused: true, code: 'baseline_zero', reason: expect.stringContaining('below zero') as string },
  });
});

it('writes what floating point left of a zero as zero', () => {
  const interval = { lower: -3, upper: 3, level: 0.95 };
  expect(toReportEstimate({ value: 1e-16, interval }, spend, 'difference')).toMatchObject({
    value: 0,
    text: '€0.000',
  });
});
