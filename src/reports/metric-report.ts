import { formatAmount } from '../experiments/money.js';
import { refuse } from '../statistics/result.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { adjustFamily } from './adjust.js';
import { adjustmentOf } from './adjustment-words.js';
import type { ArmAnalysis, RawComparison } from './arm-analysis.js';
import { cappedOf, capText, denominatorOf } from './arm-words.js';
import type { CellTable } from './cell-table.js';
import { analyseArms } from './compare.js';
import { shareText } from './format.js';
import { judgePair, marginText } from './margin-words.js';
import { isRate, unitOf } from './metric-unit.js';
import type { MetricSums, ReportInput, ReportMetricInput } from './report-input.js';
import type { ArmResult, Comparison, KnownMean, MetricReport } from './report-metric.js';
import { plainLevelText, scaleOf, toReportEstimate, toReportTest } from './to-report.js';

/** One metric of all arms, in the order of the input. */
export interface AnalysedMetric {
  readonly metric: ReportMetricInput;
  readonly arms: readonly string[];
  readonly sums: readonly MetricSums[];
  readonly analysis: ArmAnalysis;
  readonly level: number;
}

export function analysedMetric(
  input: ReportInput,
  metric: ReportMetricInput,
  table: CellTable,
  level: number,
): AnalysedMetric {
  const arms = input.arms.map((arm) => arm.key);
  const sums = arms.map((arm) => table.arm(metric.key, arm));
  return { metric, arms, sums, analysis: analyseArms(metric, sums, level), level };
}

/** One metric: what every arm reached, and how it compares with the control. */
export function metricReport(
  input: ReportInput,
  metric: ReportMetricInput,
  table: CellTable,
  level: number,
): MetricReport {
  const analysed = analysedMetric(input, metric, table, level);
  const { arms, analysis } = analysed;
  const control = arms.indexOf(input.control);
  const places = arms.map((_, place) => place).filter((place) => place !== control);
  const compared = places.map((place) => comparison(analysed, control, place));
  const adjusted = adjustFamily(compared.map((one) => one.test));
  const omnibus = arms.length > 2 ? analysis.alike() : undefined;
  const adjustment = adjustmentOf(metric, analysis);
  return {
    ...headOf(metric),
    ...(adjustment ? { adjustment } : {}),
    arms: arms.map((_, place) => armResult(analysed, place)),
    comparisons: compared.map((one, i) => ({ ...one, ...(adjusted[i] ? { adjusted: adjusted[i] } : {}) })),
    ...(omnibus === undefined ? {} : { omnibus: toReportTest(omnibus) }),
  };
}

function headOf(metric: ReportMetricInput) {
  const { key, title, type, role, direction, definition, currency, denominator, undecidable, margin } =
    metric;
  return {
    key,
    title,
    type,
    role,
    direction,
    definition,
    ...(currency === undefined ? {} : { currency }),
    unit: unitOf(metric),
    ...(denominator === undefined ? {} : { denominator }),
    ...(metric.diagnostic ? { diagnostic: true } : {}),
    ...(undecidable === undefined ? {} : { undecidable }),
    ...(margin ? { margin: { ...margin, text: marginText(margin, metric) } } : {}),
    ...(metric.cap === undefined ? {} : { cap: capText(metric.cap, metric) }),
  };
}

function armResult({ metric, arms, sums, analysis }: AnalysedMetric, place: number): ArmResult {
  const own = sums[place];
  if (!own) throw new TypeError(`There is no arm ${place}.`);
  const value = toReportEstimate(analysis.level(place), metric, 'level');
  const observed = analysis.observed?.(place);
  const denominator = denominatorOf(metric, own);
  const capped = cappedOf(metric, own);
  const mean = 'refused' in value ? knownMean(own, metric) : undefined;
  return {
    arm: arms[place] ?? '',
    n: Number(own.n),
    nonZero: Number(own.nonZero),
    total: formatAmount(own.sum, metric.exponent),
    value,
    ...(denominator ? { denominator } : {}),
    ...(observed ? { unadjusted: toReportEstimate(observed, metric, 'level') } : {}),
    ...(capped ? { capped } : {}),
    ...(mean ? { mean } : {}),
  };
}

function knownMean(sums: MetricSums, metric: ReportMetricInput): KnownMean | undefined {
  const over = metric.denominator === undefined ? sums.n : (sums.cross?.sums[1] ?? 0n);
  if (over <= 0n) return undefined;
  const value = Number(sums.sum) / Number(over) / scaleOf(metric);
  return { value, text: plainLevelText(value, metric) };
}

/** Divided by a level below zero, a gain would be written as a loss. */
function upliftOf(raw: RawComparison, control: OutcomeSums | undefined): RawComparison['uplift'] {
  return control && control.n > 0n && control.sum < 0n ? belowZero : raw.uplift;
}

const belowZero = refuse(
  'baseline_zero',
  'The control’s mean is below zero: a difference relative to it has no meaning.',
);

function comparison(analysed: AnalysedMetric, control: number, arm: number): Comparison {
  const { metric, arms, sums, analysis } = analysed;
  const raw = analysis.pair(control, arm);
  const own = sums[control];
  const judged = judgePair(analysed, control, arm);
  return {
    arm: arms[arm] ?? '',
    against: arms[control] ?? '',
    difference: toReportEstimate(raw.difference, metric, 'difference'),
    uplift: toReportEstimate(upliftOf(raw, own), metric, 'uplift'),
    test: toReportTest(raw.test),
    warnings: raw.warnings,
    ...unadjustedOf(raw, metric, own),
    ...(judged ? { margin: judged } : {}),
    ...(raw.wald && isRate(metric)
      ? { otherTools: { wald: toReportEstimate(raw.wald, metric, 'difference') } }
      : {}),
  };
}

function unadjustedOf(
  { unadjusted, varianceReduction }: RawComparison,
  metric: ReportMetricInput,
  control: OutcomeSums | undefined,
): Pick<Comparison, 'unadjusted' | 'varianceReduction'> {
  if (!unadjusted) return {};
  const shown = {
    difference: toReportEstimate(unadjusted.difference, metric, 'difference'),
    uplift: toReportEstimate(upliftOf({ ...unadjusted, warnings: [] }, control), metric, 'uplift'),
    test: toReportTest(unadjusted.test),
  };
  if (varianceReduction === undefined) return { unadjusted: shown };
  const text = `variance ${varianceReduction < 0 ? 'raised' : 'reduced'} by ${shareText(Math.abs(varianceReduction))}`;
  return { unadjusted: shown, varianceReduction: { value: varianceReduction, text } };
}
