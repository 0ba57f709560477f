import { formatAmount } from '../experiments/money.js';
import { adjustFamily } from './adjust.js';
import type { CellTable } from './cell-table.js';
import { compare, compareAll, levelOf, type RawComparison } from './compare.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import type { ArmResult, Comparison, KnownMean, MetricReport } from './report.js';
import { refuse } from '../statistics/result.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { plainLevelText, toReportEstimate, toReportTest } from './to-report.js';

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
  const value = toReportEstimate(levelOf(metric.type, sums, level), metric, 'level');
  return {
    arm,
    n: Number(sums.n),
    nonZero: Number(sums.nonZero),
    total: formatAmount(sums.sum, metric.exponent),
    value,
    ...('refused' in value && sums.n > 0n ? { mean: knownMean(sums, metric) } : {}),
  };
}

function knownMean(sums: OutcomeSums, metric: ReportMetricInput): KnownMean {
  const scale = metric.type === 'proportion' ? 1 : 10 ** metric.exponent;
  const value = Number(sums.sum) / Number(sums.n) / scale;
  return { value, text: plainLevelText(value, metric) };
}

/** Divided by a mean below zero, a gain would be written as a loss. */
function upliftOf(raw: RawComparison, control: OutcomeSums): RawComparison['uplift'] {
  return control.n > 0n && control.sum < 0n ? belowZero : raw.uplift;
}

const belowZero = refuse(
  'baseline_zero',
  'The control’s mean is below zero: a difference relative to it has no meaning.',
);

function comparison(
  control: string,
  arm: string,
  metric: ReportMetricInput,
  table: CellTable,
  level: number,
): Comparison {
  const own = table.arm(metric.key, control);
  const raw = compare(metric.type, own, table.arm(metric.key, arm), level);
  return {
    arm,
    against: control,
    difference: toReportEstimate(raw.difference, metric, 'difference'),
    uplift: toReportEstimate(upliftOf(raw, own), metric, 'uplift'),
    test: toReportTest(raw.test),
    warnings: raw.warnings,
    ...(raw.wald ? { otherTools: { wald: toReportEstimate(raw.wald, metric, 'difference') } } : {}),
  };
}
