import { countText, groupedDecimal, numberText } from './format.js';
import { isRate, unitOf } from './metric-unit.js';
import type { ArmResult, Comparison, MetricReport } from './report-metric.js';

/** How the columns of a metric's table are headed; in lower case. */
export function metricHeads(metric: MetricReport): { readonly total: string; readonly value: string } {
  const unit = unitOf(metric);
  if (metric.denominator !== undefined)
    return { total: 'total', value: isRate(metric) ? 'rate' : unit === 'share' ? 'share' : 'ratio' };
  if (isRate(metric)) return { total: 'yes', value: 'rate' };
  return { total: 'total', value: unit === 'minutes' ? 'mean time' : 'mean' };
}

/** What an arm adds up to, without the denominator that stands beside it. */
export function totalText(metric: MetricReport, arm: ArmResult): string {
  if (metric.denominator === undefined && isRate(metric)) return countText(arm.nonZero);
  if (unitOf(metric) === 'minutes') {
    // Of thousands of recipients only the days are of interest.
    const days = Number(arm.total) / (24 * 60);
    return days >= 10 ? `${countText(Math.round(days))} d` : numberText(Number(arm.total), 0, plainTime);
  }
  return groupedDecimal(arm.total);
}

const plainTime = { kind: 'minutes', signed: false, minDecimals: 0 } as const;

export interface MetricNote {
  readonly text: string;
  /** Something to be careful about. */
  readonly caution: boolean;
}

/**
 * What stands below the table of a metric: whether it may decide, what it is adjusted for and was before, what was
 * capped, and how a guardrail stands to its margin.
 */
export function metricNotes(metric: MetricReport, title: (arm: string) => string): MetricNote[] {
  const { undecidable, adjustment } = metric;
  const note = (text: string, caution = false): MetricNote => ({ text, caution });
  const joined = (start: string, texts: readonly string[]): MetricNote[] =>
    texts.length === 0 ? [] : [note(`${start}${texts.map(withoutEnd).join('; ')}.`)];
  return [
    ...(undecidable === undefined ? [] : [note(`Shown, and decides nothing: ${undecidable}`, true)]),
    ...(adjustment ? [note(adjustment.text)] : []),
    ...joined(
      'Unadjusted: ',
      metric.comparisons.flatMap((one) => unadjustedTexts(one, title)),
    ),
    ...joined(
      '',
      metric.arms.flatMap(({ arm, capped }) => (capped ? [`${title(arm)}: ${capped.text}`] : [])),
    ),
    ...metric.comparisons.flatMap((one) =>
      one.margin
        ? [note(`${title(one.arm)}: ${withoutEnd(one.margin.text)}.`, one.margin.conclusion !== 'no_worse')]
        : [],
    ),
  ];
}

function unadjustedTexts(comparison: Comparison, title: (arm: string) => string): string[] {
  const { arm, unadjusted, varianceReduction } = comparison;
  if (!unadjusted) return [];
  const { difference, test } = unadjusted;
  if ('refused' in difference) return [`${title(arm)}: ${difference.reason}`];
  const p = 'refused' in test ? [] : [test.text];
  const gain = varianceReduction ? `, ${varianceReduction.text} by the adjustment` : '';
  return [`${title(arm)} ${difference.text} (${[difference.intervalText, ...p].join('; ')})${gain}`];
}

/** What the statistics warn of. That a metric is a diagnostic is said once, not once per arm. */
export function warningTexts(metric: MetricReport, title: (arm: string) => string): string[] {
  const said = metric.undecidable !== undefined;
  return metric.comparisons.flatMap(({ arm, warnings }) =>
    warnings
      .filter(({ code }) => !said || code !== 'diagnostic_ratio')
      .map(({ message }) => `${title(arm)}: ${message}`),
  );
}

function withoutEnd(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
