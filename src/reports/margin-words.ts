import type { Margin } from '../experiments/experiment.js';
import { isRefusal, type OrRefusal } from '../statistics/result.js';
import type { ArmAnalysis, RawMargin } from './arm-analysis.js';
import { boundText, numberText, pText } from './format.js';
import { marginOfContrast, marginOfPair, type MarginTest } from './margin-test.js';
import type { MetricSums, ReportMetricInput } from './report-input.js';
import type { MarginJudgement } from './report-metric.js';
import { scaleOf, styleOf, toReportTest } from './to-report.js';

/** What a guardrail is judged from. */
export interface Judged {
  readonly metric: ReportMetricInput;
  readonly sums: readonly MetricSums[];
  readonly analysis: ArmAnalysis;
  readonly level: number;
}

/** `5% of the control’s level`, `0.2 pp`, `€0.05`. */
export function marginText({ kind, size }: Margin, metric: ReportMetricInput): string {
  if (kind === 'relative') return `${Number((size * 100).toPrecision(6))}% of the control’s level`;
  const style = { ...styleOf(metric, 'difference'), signed: false };
  const shown = style.kind === 'points' ? size * 100 : size;
  const digits = (String(Number(shown.toPrecision(6))).split('.')[1] ?? '').length;
  const text = numberText(size, Math.max(style.kind === 'money' ? style.minDecimals : 0, digits), style);
  return style.kind === 'points' ? `${text} pp` : text;
}

/** One arm of a guardrail with a margin against the control; undefined for any other metric. */
export function judgePair(judged: Judged, control: number, arm: number): MarginJudgement | undefined {
  const margin = rawMargin(judged.metric);
  if (!margin) return undefined;
  const { analysis, level, sums } = judged;
  const result = marginOfPair(analysis, [control, arm], sums.length, margin, 1 - level);
  const { difference, test } = analysis.pair(control, arm);
  return judgement(judged, result, worseAt(judged, difference, test), difference);
}

/** The same of an effect of a factorial design. */
export function judgeContrast(judged: Judged, coefficients: readonly number[]): MarginJudgement | undefined {
  const margin = rawMargin(judged.metric);
  if (!margin) return undefined;
  const result = marginOfContrast(judged.analysis, coefficients, margin, 1 - judged.level);
  const effect = judged.analysis.contrast(coefficients);
  if (isRefusal(effect)) return judgement(judged, result, false, effect);
  return judgement(judged, result, worseAt(judged, effect.estimate, effect.test), effect.estimate);
}

function rawMargin(metric: ReportMetricInput): RawMargin | undefined {
  const { margin, role, direction } = metric;
  if (!margin || role !== 'guardrail') return undefined;
  const size = margin.kind === 'relative' ? margin.size : margin.size * scaleOf(metric);
  return { kind: margin.kind, size, better: direction === 'increase' ? 'higher' : 'lower' };
}

/** Worse at the one-sided level that guardrails without a margin are judged at. */
function worseAt(
  { metric, level }: Judged,
  difference: OrRefusal<{ readonly value: number }>,
  test: OrRefusal<{ readonly p: number }>,
): boolean {
  if (isRefusal(difference) || isRefusal(test)) return false;
  const bad = metric.direction === 'increase' ? -1 : 1;
  return bad * difference.value > 0 && test.p / 2 < 1 - level;
}

function judgement(
  { metric }: Judged,
  result: OrRefusal<MarginTest>,
  worse: boolean,
  difference: OrRefusal<{ readonly value: number }>,
): MarginJudgement {
  const margin = metric.margin ? marginText(metric.margin, metric) : '';
  if (isRefusal(result))
    return {
      conclusion: 'refused',
      test: result,
      text: `not judged against the margin of ${margin}: ${result.reason}`,
    };
  const conclusion = result.passes ? 'no_worse' : worse ? 'worse' : 'not_excluded';
  const words = {
    no_worse: `no worse than the margin of ${margin} allows`,
    not_excluded: `harm beyond the margin of ${margin} cannot be excluded`,
    worse: `worse, and harm beyond the margin of ${margin} cannot be excluded`,
  }[conclusion];
  const relative = metric.margin?.kind === 'relative';
  const scale = relative ? 1 : scaleOf(metric);
  const worst = result.worst === undefined ? undefined : result.worst / scale;
  const style = styleOf(metric, relative ? 'uplift' : 'difference');
  const near = relative || isRefusal(difference) ? 0 : difference.value / scale;
  const bound = worst === undefined ? [] : [`at worst ${boundText(near, worst, style)}`];
  return {
    conclusion,
    test: toReportTest(result.test),
    ...(worst === undefined ? {} : { worst }),
    text: `${words} (${[...bound, `one-sided ${pText(result.test.p)}`].join('; ')})`,
  };
}
