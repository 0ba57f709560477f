import { expect, it } from 'vitest';
import { buildReport } from '../../src/reports/build-report.js';
import { toReportEstimate } from '../../src/reports/to-report.js';
import { sampleInput, spend, visits } from './sample-input.js';

it('pairs Pearson’s test with the intervals that invert exactly it, not a cousin', () => {
  // chi-square 3.9093 rejects at 0.05 (3.8415); with the factor (N - 1) / N it would be 3.8184 and would not.
  const report = buildReport(sampleInput(['A', 'B'], [visits('A', 7, 20), visits('B', 15, 23)]));
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
