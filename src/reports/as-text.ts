import { cohortLines } from './as-text-cohorts.js';
import { deliveryLines } from './as-text-delivery.js';
import { factorialLines } from './as-text-factorial.js';
import { funnelLines } from './as-text-funnel.js';
import { metricLines } from './as-text-metric.js';
import { counted, countText } from './format.js';
import type { Report } from './report.js';
import { lengthOf, printable, wrap } from './text-table.js';

const width = 96;

/** The report for a terminal or the text part of an e-mail: at most about 100 columns, plain characters. */
export function reportAsText(report: Report): string {
  const sections = [
    headLines(report),
    verdictLines(report),
    healthLines(report),
    ...report.metrics.map((metric) => metricLines(report, metric)),
    ...factorialLines(report),
    ...cohortLines(report),
    funnelLines(report),
    deliveryLines(report),
    footLines(report),
  ];
  const text = sections
    .filter((section) => section.length > 0)
    .map((section) => section.map(printable).join('\n'))
    .join('\n\n');
  return `${text}\n`;
}

function headLines(report: Report): string[] {
  const control = report.arms.find((arm) => arm.control)?.title ?? report.control;
  const recipients = report.arms.reduce((sum, arm) => sum + arm.n, 0);
  return [
    report.title,
    '='.repeat(Math.min(width, lengthOf(printable(report.title)))),
    `${counted(recipients, 'recipient')}, ${counted(report.arms.length, 'arm')}, control: ${control}`,
    ...(report.hypothesis === undefined ? [] : wrap(`Hypothesis: ${report.hypothesis}`, width)),
  ];
}

function verdictLines({ verdict }: Report): string[] {
  return [
    'VERDICT',
    ...wrap(verdict.sentence, width, '  '),
    ...verdict.notes.flatMap((note) => bulleted(note)),
  ];
}

function bulleted(text: string): string[] {
  return wrap(text, width, '    ').map((line, i) => (i === 0 ? `  - ${line.trimStart()}` : line));
}

function healthLines({ health }: Report): string[] {
  if (health.length === 0) return [];
  const lines = health.flatMap((finding) => {
    const mark = finding.severity === 'ok' ? 'ok' : finding.severity.toUpperCase();
    return wrap(`${mark}: ${finding.title}. ${finding.text}`, width, '    ').map((line, i) =>
      i === 0 ? line.slice(2) : line,
    );
  });
  return ['HEALTH', ...lines];
}

function footLines(report: Report): string[] {
  const { source } = report;
  const from =
    source.kind === 'file'
      ? `file ${source.name}, ${countText(source.rows)} rows read, ${countText(source.skippedRows)} skipped`
      : `experiment ${source.key}`;
  return [
    `Source: ${from}. As of ${report.asOf}.`,
    ...(report.snapshot === undefined ? [] : [`Snapshot: ${report.snapshot}`]),
  ];
}
