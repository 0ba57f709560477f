import { currencyExponent } from '../experiments/money.js';
import { isRefusal, type Estimate, type OrRefusal, type TestResult } from '../statistics/result.js';
import { estimateText, pText, type NumberStyle } from './format.js';
import type { ReportMetricInput } from './report-input.js';
import type { AdjustedP, ReportEstimate, ReportTest } from './report.js';
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
  const scale = kind === 'uplift' || metric.type === 'proportion' ? 1 : 10 ** metric.exponent;
  const value = estimate.value / scale;
  const interval = {
    level: estimate.interval.level,
    lower: estimate.interval.lower / scale,
    upper: estimate.interval.upper / scale,
  };
  return {
    value,
    lower: finiteOrNull(interval.lower),
    upper: finiteOrNull(interval.upper),
    ...(estimate.se === undefined ? {} : { se: estimate.se / scale }),
    ...estimateText(value, interval, styleOf(metric, kind)),
  };
}

export function toReportTest(test: OrRefusal<TestResult>): ReportTest | Refusal {
  if (isRefusal(test)) return test;
  const { method, statistic, df, p, logP } = test;
  return { method, statistic, df, p, logP, text: pText(p) };
}

export function toAdjustedP(p: number, family: number): AdjustedP {
  return { method: 'holm', family, p, text: pText(p) };
}

export function styleOf(metric: ReportMetricInput, kind: EstimateKind): NumberStyle {
  const signed = kind !== 'level';
  if (kind === 'uplift') return { kind: 'percent', signed, minDecimals: 0 };
  if (metric.type === 'proportion') {
    return { kind: kind === 'level' ? 'percent' : 'points', signed, minDecimals: 1 };
  }
  if (metric.type === 'mean') return { kind: 'number', signed, minDecimals: 0 };
  const currency = metric.currency;
  if (currency === undefined) return { kind: 'money', signed, minDecimals: 2 };
  return { kind: 'money', signed, minDecimals: currencyExponent(currency), currency };
}

/** JSON has no infinity: an unbounded side is null. */
function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
