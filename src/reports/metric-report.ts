import { formatAmount } from '../experiments/money.js';
import { adjustFamily } from './adjust.js';
import type { CellTable } from './cell-table.js';
import { compare, compareAll, levelOf } from './compare.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import type { ArmResult, Comparison, MetricReport } from './report.js';
import { toReportEstimate, toReportTest } from './to-report.js';

/** One metric: what every arm reached, and how it compares with the control. */
export function metricReport(
  input: ReportInput,
  metric: ReportMetricInput,
  table: CellTable,
  level: number,
): MetricReport {
  const others = input.arms.filter((arm) => arm.key !== input.control);
  const raw = others.map((arm) => comparison(input.control, arm.key, metric, table, level));
  const adjusted = adjustFamily(raw.map((one) => one.test));
  const omnibus =
    input.arms.length > 2
      ? toReportTest(
          compareAll(
            metric.type,
            input.arms.map((arm) => table.arm(metric.key, arm.key)),
          ),
        )
      : undefined;
  return {
    key: metric.key,
    title: metric.title,
    type: metric.type,
    role: metric.role,
    direction: metric.direction,
    definition: metric.definition,
    ...(metric.currency === undefined ? {} : { currency: metric.currency }),
    arms: input.arms.map((arm) => armResult(arm.key, metric, table, level)),
    comparisons: raw.map((one, i) => ({ ...one, ...(adjusted[i] ? { adjusted: adjusted[i] } : {}) })),
    ...(omnibus === undefined ? {} : { omnibus }),
  };
}

function armResult(arm: string, metric: ReportMetricInput, table: CellTable, level: number): ArmResult {
  const sums = table.arm(metric.key, arm);
  return {
    arm,
    n: Number(sums.n),
    nonZero: Number(sums.nonZero),
    total: formatAmount(sums.sum, metric.exponent),
    value: toReportEstimate(levelOf(metric.type, sums, level), metric, 'level'),
  };
}

function comparison(
  control: string,
  arm: string,
  metric: ReportMetricInput,
  table: CellTable,
  level: number,
): Comparison {
  const raw = compare(metric.type, table.arm(metric.key, control), table.arm(metric.key, arm), level);
  return {
    arm,
    against: control,
    difference: toReportEstimate(raw.difference, metric, 'difference'),
    uplift: toReportEstimate(raw.uplift, metric, 'uplift'),
    test: toReportTest(raw.test),
    warnings: raw.warnings,
    ...(raw.wald ? { otherTools: { wald: toReportEstimate(raw.wald, metric, 'difference') } } : {}),
  };
}
