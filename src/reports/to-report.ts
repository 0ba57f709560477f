import { currencyExponent } from '../experiments/money.js';
import { isRefusal, type Estimate, type OrRefusal, type TestResult } from '../statistics/result.js';
import { estimateText, numberText, pText, type NumberStyle } from './format.js';
import { isRate, unitOf } from './metric-unit.js';
import type { ReportMetricInput } from './report-input.js';
import type { AdjustedP, ReportEstimate, ReportTest } from './report-figures.js';
import type { Refusal } from '../statistics/result.js';

/** What an estimate of a metric means: a level (rate, mean), a difference of levels, or a relative difference. */
export type EstimateKind = 'level' | 'difference' | 'uplift';

/** From the outcome's own integer units to what a reader sees; the only place where values are scaled. */
export function toReportEstimate(
  estimate: OrRefusal<Estimate>,
  metric: ReportMetricInput,
  kind: EstimateKind,
): ReportEstimate | Refusal {
  if (isRefusal(estimate)) return estimate;
  const scale = kind === 'uplift' ? 1 : scaleOf(metric);
  const interval = {
    level: estimate.interval.level,
    lower: estimate.interval.lower / scale,
    upper: estimate.interval.upper / scale,
  };
  const value = withoutDust(estimate.value / scale, interval.upper - interval.lower);
  return {
    value,
    lower: finiteOrNull(interval.lower),
    upper: finiteOrNull(interval.upper),
    ...(estimate.se === undefined ? {} : { se: estimate.se / scale }),
    ...estimateText(value, interval, styleOf(metric, kind)),
  };
}

/** What an outcome's integer units are divided by for the reader: 100 for cents, 1 for counts and rates. */
export function scaleOf(metric: ReportMetricInput): number {
  return isRate(metric) ? 1 : 10 ** (metric.exponent - (metric.denominatorExponent ?? 0));
}

/** A zero that floating point left at 1e-18 is a zero. */
function withoutDust(value: number, width: number): number {
  return Math.abs(value) < 1e-12 * width && Number.isFinite(width) ? 0 : value;
}

/** A rate or mean without its uncertainty, as text: two decimals, or two digits where it is smaller. */
export function plainLevelText(value: number, metric: MetricStyle): string {
  const style = styleOf(metric, 'level');
  if (style.kind === 'minutes') return numberText(value, Math.abs(value) < 10 ? 1 : 0, style);
  const shown = Math.abs(value) * (style.kind === 'percent' ? 100 : 1);
  const digits = shown > 0 ? 1 - Math.floor(Math.log10(shown)) : 0;
  return numberText(value, Math.min(12, Math.max(2, style.minDecimals, digits)), style);
}

export function toReportTest(test: OrRefusal<TestResult>): ReportTest | Refusal {
  if (isRefusal(test)) return test;
  const { method, statistic, df, p, logP } = test;
  return { method, statistic, df, p, logP, text: pText(p) };
}

export function toAdjustedP(p: number, family: number): AdjustedP {
  return { method: 'holm', family, p, text: pText(p) };
}

/** What decides how the numbers of a metric are written. */
export type MetricStyle = Pick<ReportMetricInput, 'type' | 'currency' | 'unit'>;

export function styleOf(metric: MetricStyle, kind: EstimateKind): NumberStyle {
  const signed = kind !== 'level';
  if (kind === 'uplift') return { kind: 'percent', signed, minDecimals: 0 };
  const unit = unitOf(metric);
  if (unit === 'share') return { kind: kind === 'level' ? 'percent' : 'points', signed, minDecimals: 1 };
  if (unit !== 'money') return { kind: unit, signed, minDecimals: 0 };
  const currency = metric.currency;
  if (currency === undefined) return { kind: 'money', signed, minDecimals: 2 };
  return { kind: 'money', signed, minDecimals: currencyExponent(currency), currency };
}

/** JSON has no infinity: an unbounded side is null. */
function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
