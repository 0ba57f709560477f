import { isRefusal } from '../statistics/result.js';
import { adjustFamily } from './adjust.js';
import type { CellTable } from './cell-table.js';
import { compare } from './compare.js';
import { pText } from './format.js';
import type { ReportInput, ReportMetricInput } from './report-input.js';
import type { MetricReport } from './report.js';
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
  const sign = metric.direction === 'increase' ? 1 : -1;
  const ranked = report.arms
    .flatMap((one) =>
      one.arm === input.control || 'refused' in one.value
        ? []
        : [{ arm: one.arm, value: sign * one.value.value }],
    )
    .sort((a, b) => b.value - a.value);
  const [top, second] = ranked;
  if (!top || !second) return undefined;
  const arms = input.arms.filter((arm) => arm.key !== input.control).map((arm) => arm.key);
  const pairs = arms.flatMap((a, i) => arms.slice(i + 1).map((b) => ({ a, b })));
  const raw = pairs.map(({ a, b }) =>
    compare(metric.type, table.arm(metric.key, a), table.arm(metric.key, b), level),
  );
  const tests = raw.map((one) => toReportTest(one.test));
  const adjusted = adjustFamily(tests);
  const ps = pairs.flatMap(({ a, b }, i) => {
    if (a !== top.arm && b !== top.arm) return [];
    const test = tests[i];
    return [adjusted[i]?.p ?? (test && !isRefusal(test) ? test.p : 1)];
  });
  const worst = Math.max(...ps);
  const title = (key: string): string => input.arms.find((arm) => arm.key === key)?.title ?? key;
  if (worst < 1 - level) {
    const corrected = pairs.length > 1 ? `, corrected for all ${pairs.length} pairs` : '';
    const text = `${title(top.arm)} also did better than every other arm (largest ${pText(worst)}${corrected}).`;
    return { arm: top.arm, text };
  }
  const between = compare(
    metric.type,
    table.arm(metric.key, second.arm),
    table.arm(metric.key, top.arm),
    level,
  );
  const gap = toReportEstimate(between.difference, metric, 'difference');
  const shown =
    'refused' in gap
      ? ''
      : `: ${title(top.arm)} minus ${title(second.arm)} is ${gap.text} (${gap.intervalText})`;
  return { arm: top.arm, text: `Which of them is best is not shown${shown}.` };
}
