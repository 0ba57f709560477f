import type { CellSums, ReportInput, ReportMetricInput } from '../../src/reports/report-input.js';
import { addSums, emptySums, sumsOf, type OutcomeSums } from '../../src/statistics/sums.js';

/** Sums of `x` recipients with outcome 1 among `n`. */
export function successes(x: number, n: number): OutcomeSums {
  const [some, all] = [BigInt(x), BigInt(n)];
  return { n: all, nonZero: some, sum: some, sumSquares: some, sumCubes: some };
}

export function sumsOfAll(outcomes: readonly number[]): OutcomeSums {
  return outcomes.map((y) => sumsOf(BigInt(y))).reduce(addSums, emptySums);
}

export const visit: ReportMetricInput = {
  key: 'visit',
  title: 'visit',
  type: 'proportion',
  role: 'primary',
  direction: 'increase',
  definition: 'Share of recipients who came.',
  exponent: 0,
};

export const spend: ReportMetricInput = {
  key: 'spend',
  title: 'spend',
  type: 'money',
  role: 'secondary',
  direction: 'increase',
  definition: 'Spend per recipient.',
  exponent: 2,
  currency: 'EUR',
};

/** One factor; the first arm is the control. */
export function sampleInput(
  arms: readonly string[],
  cells: readonly CellSums[],
  more: Partial<ReportInput> = {},
): ReportInput {
  return {
    title: 'A test',
    source: { kind: 'experiment', key: 'a-test' },
    asOf: '2026-03-01T00:00:00.000Z',
    factors: [{ key: 'arm', title: 'arm', levels: arms.map((key) => ({ key, title: key })) }],
    arms: arms.map((key) => ({ key, title: key, levels: [key], weight: 1 })),
    control: arms[0] ?? '',
    metrics: [visit],
    cohorts: [],
    cells,
    ...more,
  };
}

export function visits(arm: string, x: number, n: number, cohort?: CellSums['cohort']): CellSums {
  return { metric: 'visit', arm, sums: successes(x, n), ...(cohort ? { cohort } : {}) };
}
