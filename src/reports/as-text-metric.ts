import { bare, countText, groupedDecimal, levelText, statisticText } from './format.js';
import { metricHeads, metricNotes, totalText, warningTexts } from './metric-faces.js';
import type { ArmResult, Comparison, MetricReport } from './report-metric.js';
import type { Report } from './report.js';
import type { ReportEstimate, ReportTest } from './report-figures.js';
import { methodOf } from '../statistics/registry.js';
import type { Refusal } from '../statistics/result.js';
import { textTable, wrap } from './text-table.js';

const name = { title: 'arm', align: 'left', most: 30 } as const;
const right = (title: string) => ({ title, align: 'right' }) as const;

/** One metric: the arms, then each against the control. */
export function metricLines(report: Report, metric: MetricReport): string[] {
  const titles = new Map(report.arms.map((arm) => [arm.key, arm.title]));
  const title = (key: string): string => titles.get(key) ?? key;
  const level = levelText(report.level);
  const better = metric.direction === 'increase' ? 'higher is better' : 'lower is better';
  const heads = metricHeads(metric);
  const over = metric.denominator !== undefined;
  const arms = metric.arms.map((one) => [
    title(one.arm) + (one.arm === report.control ? ' (control)' : ''),
    countText(one.n),
    totalText(metric, one),
    ...(over ? [one.denominator ? groupedDecimal(one.denominator.total) : '-'] : []),
    ...valueCells(one),
  ]);
  const headers = [
    name,
    right('recipients'),
    right(heads.total),
    ...(over ? [right(`of ${metric.denominator ?? ''}`)] : []),
    right(heads.value),
    right(`${level} interval`),
  ];
  return [
    `${metric.title.toUpperCase()} (${metric.role}; ${better})`,
    ...indented(textTable(headers, arms)),
    ...metric.arms.flatMap((one) => refusedValueLines(one, title)),
    ...comparisonLines(metric, title, level),
    ...omnibusLines(metric),
    ...metricNotes(metric, title).flatMap(({ text, caution }) =>
      wrap(`${caution ? '!' : '-'} ${text}`, 96, '  '),
    ),
    ...warningLines(metric, title),
  ];
}

function comparisonLines(metric: MetricReport, title: (key: string) => string, level: string): string[] {
  if (metric.comparisons.length === 0) return [];
  const corrected = metric.comparisons.some((one) => one.adjusted);
  const headers = [
    { ...name, title: 'against the control' },
    right('difference'),
    right(`${level} interval`),
    right('uplift'),
    right(`${level} interval`),
    right('p'),
    ...(corrected ? [right('Holm')] : []),
  ];
  const rows = metric.comparisons.map((one) => [
    title(one.arm),
    ...estimateCells(one.difference),
    ...estimateCells(one.uplift),
    testCell(one.test),
    ...(corrected ? [one.adjusted ? bare(one.adjusted.text) : '-'] : []),
  ]);
  const several = metric.comparisons.length > 1;
  return [
    '',
    ...indented(textTable(headers, rows)),
    ...(several ? [`  ${uncorrected('arms', corrected)}`] : []),
    ...refusalLines(metric.comparisons, title),
  ];
}

/** What the reader of many figures must know of them. */
export function uncorrected(of: string, holm: boolean): string {
  return `Intervals and p are not corrected for the number of ${of}${holm ? '; the column Holm is' : ''}.`;
}

/** A mean whose interval is refused stands without it. */
function valueCells({ value, mean }: ArmResult): [string, string] {
  return 'refused' in value && mean ? [mean.text, '-'] : estimateCells(value);
}

function refusedValueLines({ arm, value, mean }: ArmResult, title: (key: string) => string): string[] {
  if (!('refused' in value) || !mean) return [];
  return wrap(`- ${title(arm)}: no interval. ${value.reason}`, 96, '  ');
}

function omnibusLines({ omnibus }: MetricReport): string[] {
  if (!omnibus) return [];
  const answer = 'refused' in omnibus ? `Not tested: ${omnibus.reason}` : testText(omnibus);
  return wrap(`All arms alike? ${answer}`, 96, '  ');
}

/** p, and the method with its statistic and degrees of freedom. */
export function testText(test: ReportTest): string {
  const { title } = methodOf(test.method);
  return `${test.text} (${title}: ${statisticText(test.statistic, test.df)})`;
}

function warningLines(metric: MetricReport, title: (key: string) => string): string[] {
  return warningTexts(metric, title).flatMap((text) => wrap(`! ${text}`, 96, '  '));
}

function refusalLines(comparisons: readonly Comparison[], title: (key: string) => string): string[] {
  return comparisons.flatMap((one) => {
    const reasons = [one.test, one.difference, one.uplift].flatMap((part) =>
      'refused' in part ? [part.reason] : [],
    );
    return [...new Set(reasons)].flatMap((reason) => wrap(`- ${title(one.arm)}: ${reason}`, 96, '  '));
  });
}

/** Value and interval in two cells; a refusal is a dash, its reason stands below the table. */
export function estimateCells(estimate: ReportEstimate | Refusal): [string, string] {
  return 'refused' in estimate ? ['-', '-'] : [estimate.text, estimate.intervalText];
}

export function testCell(test: ReportTest | Refusal): string {
  return 'refused' in test ? '-' : bare(test.text);
}

export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
