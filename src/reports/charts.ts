import type { ReportInput, ReportMetricInput } from './report-input.js';
import type { ChartRow, ChartUnit, IntervalChart, ReportCharts } from './report-charts.js';
import type { CohortReport } from './report-cohorts.js';
import type { Comparison, MetricReport } from './report-metric.js';
import type { ReportEstimate } from './report-figures.js';
import { unitOf } from './metric-unit.js';
import type { MetricStyle } from './to-report.js';
import type { Refusal } from '../statistics/result.js';

/** Every chart of the report as data. */
export function chartsOf(
  input: ReportInput,
  metrics: readonly MetricReport[],
  cohorts: readonly CohortReport[],
): ReportCharts {
  const titles = new Map(input.arms.map((arm) => [arm.key, arm.title]));
  return {
    effects: metrics.map((metric) => effectChart(metric, titles)),
    cohorts: cohorts.flatMap((cohort) => cohortCharts(input, cohort, titles)),
  };
}

/** Uplift where every arm has one with two finite sides; else the difference, so that one chart has one unit. */
function effectChart(metric: MetricReport, titles: ReadonlyMap<string, string>): IntervalChart {
  const asUplift = metric.comparisons.every((one) => isBounded(one.uplift));
  const pick = (one: Comparison): ReportEstimate | Refusal => (asUplift ? one.uplift : one.difference);
  return {
    id: `effect-${metric.key}`,
    title: `${metric.title}: ${asUplift ? 'uplift' : 'difference'} against the control`,
    metric: metric.key,
    unit: asUplift ? 'percent' : differenceUnit(metric),
    ...(metric.currency === undefined ? {} : { currency: metric.currency }),
    rows: metric.comparisons.map((one) => chartRow(titles.get(one.arm) ?? one.arm, pick(one))),
  };
}

function isBounded(estimate: ReportEstimate | Refusal): boolean {
  return !('refused' in estimate) && estimate.lower !== null && estimate.upper !== null;
}

function cohortCharts(input: ReportInput, cohort: CohortReport, titles: ReadonlyMap<string, string>) {
  const metrics = new Map<string, ReportMetricInput>(input.metrics.map((metric) => [metric.key, metric]));
  return cohort.effects.flatMap((effect) => {
    const metric = metrics.get(effect.metric);
    if (!metric) return [];
    const arm = titles.get(effect.arm) ?? effect.arm;
    return [
      {
        id: `cohort-${cohort.trait}-${effect.metric}-${effect.arm}`,
        title: `${metric.title} by ${cohort.trait}: ${arm} against the control`,
        metric: effect.metric,
        trait: cohort.trait,
        arm: effect.arm,
        unit: differenceUnit(metric),
        ...(metric.currency === undefined ? {} : { currency: metric.currency }),
        rows: effect.values.map((value) => ({
          ...chartRow(value.value === '' ? '(empty)' : value.value, value.difference),
          n: value.n.control + value.n.arm,
        })),
      },
    ];
  });
}

function differenceUnit(metric: MetricStyle): ChartUnit {
  const unit = unitOf(metric);
  return unit === 'share' ? 'points' : unit;
}

function chartRow(label: string, estimate: ReportEstimate | Refusal): ChartRow {
  if ('refused' in estimate) return { label, value: null, lower: null, upper: null, text: estimate.reason };
  const { value, lower, upper, text, intervalText } = estimate;
  return { label, value, lower, upper, text: `${text} (${intervalText})` };
}
