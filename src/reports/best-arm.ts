import { adjustFamily } from './adjust.js';
import { levelText, pText } from './format.js';
import type { AnalysedMetric } from './metric-report.js';
import type { ReportInput } from './report-input.js';
import type { MetricReport } from './report-metric.js';
import { toReportEstimate, toReportTest } from './to-report.js';

export interface BestArm {
  readonly arm: string;
  /** Whether it is shown to be the best, as a sentence. */
  readonly text: string;
}

/**
 * Says whether the arm that came out on top also beats every other arm. Corrected over all pairs of arms, since
 * the top one was picked by looking; without that no best arm is named.
 */
export function bestArm(
  analysed: AnalysedMetric,
  input: ReportInput,
  report: MetricReport,
): BestArm | undefined {
  const { metric, analysis, level } = analysed;
  const ranked = rankedArms(report, input.control);
  const [top, second] = ranked;
  if (top === undefined || second === undefined) return undefined;
  const title = (key: string): string => input.arms.find((arm) => arm.key === key)?.title ?? key;
  const { p, pairs } = leastClear(top, ranked, analysed);
  if (p < 1 - level) {
    const corrected = pairs > 1 ? `, corrected for all ${pairs} pairs` : '';
    return {
      arm: top,
      text: `${title(top)} also did better than every other arm (largest ${pText(p)}${corrected}).`,
    };
  }
  const place = (arm: string): number => analysed.arms.indexOf(arm);
  const { difference } = analysis.pair(place(second), place(top));
  const gap = toReportEstimate(difference, metric, 'difference');
  const shown =
    'refused' in gap
      ? ''
      : `: ${title(top)} minus ${title(second)} is ${gap.text} (${levelText(level)} interval ${gap.intervalText}, not corrected)`;
  return { arm: top, text: `Which of them is best is not shown${shown}.` };
}

/** Arms other than the control, best first. */
function rankedArms({ arms, direction }: MetricReport, control: string): string[] {
  const sign = direction === 'increase' ? 1 : -1;
  return arms
    .flatMap(({ arm, value, mean }) => {
      const known = 'refused' in value ? mean : value;
      return arm === control || !known ? [] : [{ arm, value: sign * known.value }];
    })
    .sort((a, b) => b.value - a.value)
    .map(({ arm }) => arm);
}

/** The largest corrected p-value between the top arm and any other. */
function leastClear(
  top: string,
  arms: readonly string[],
  analysed: AnalysedMetric,
): { p: number; pairs: number } {
  const pairs = arms.flatMap((a, i) => arms.slice(i + 1).map((b) => [a, b] as const));
  const place = (arm: string): number => analysed.arms.indexOf(arm);
  const tests = pairs.map(([a, b]) => toReportTest(analysed.analysis.pair(place(a), place(b)).test));
  const adjusted = adjustFamily(tests);
  const ps = pairs.flatMap((pair, i) => {
    const test = tests[i];
    if (!pair.includes(top) || !test) return [];
    return [adjusted[i]?.p ?? ('refused' in test ? 1 : test.p)];
  });
  return { p: Math.max(...ps), pairs: pairs.length };
}
