import { adjustFamily } from './adjust.js';
import type { CellTable } from './cell-table.js';
import { compare, compareAll } from './compare.js';
import { levelText, pText } from './format.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import type { MetricReport } from './report.js';
import type { OutcomeSums } from '../statistics/sums.js';
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
  input: ReportInput,
  metric: ReportMetricInput,
  report: MetricReport,
  table: CellTable,
  level: number,
): BestArm | undefined {
  const ranked = rankedArms(report, input.control);
  const [top, second] = ranked;
  if (top === undefined || second === undefined) return undefined;
  const title = (key: string): string => input.arms.find((arm) => arm.key === key)?.title ?? key;
  const { p, pairs } = leastClear(top, ranked, metric, table);
  if (p < 1 - level) {
    const corrected = pairs > 1 ? `, corrected for all ${pairs} pairs` : '';
    return {
      arm: top,
      text: `${title(top)} also did better than every other arm (largest ${pText(p)}${corrected}).`,
    };
  }
  const sums = [second, top].map((arm) => table.arm(metric.key, arm)) as [OutcomeSums, OutcomeSums];
  const gap = toReportEstimate(compare(metric.type, ...sums, level).difference, metric, 'difference');
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
  metric: ReportMetricInput,
  table: CellTable,
): { p: number; pairs: number } {
  const pairs = arms.flatMap((a, i) => arms.slice(i + 1).map((b) => [a, b] as const));
  const tests = pairs.map((pair) =>
    toReportTest(
      compareAll(
        metric.type,
        pair.map((arm) => table.arm(metric.key, arm)),
      ),
    ),
  );
  const adjusted = adjustFamily(tests);
  const ps = pairs.flatMap((pair, i) => {
    const test = tests[i];
    if (!pair.includes(top) || !test) return [];
    return [adjusted[i]?.p ?? ('refused' in test ? 1 : test.p)];
  });
  return { p: Math.max(...ps), pairs: pairs.length };
}
