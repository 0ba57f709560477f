import { estimateCells, indented, testCell, testText, uncorrected } from './as-text-metric.js';
import { bare, levelText } from './format.js';
import type { FactorialEffect, FactorialMetric } from './report-factorial.js';
import type { Report } from './report.js';
import { textTable, wrap } from './text-table.js';

const mostLines = 40;

/** The factorial part: what to read first, then main effects, interactions and simple effects. */
export function factorialLines(report: Report): string[][] {
  if (!report.factorial) return [];
  const titles = new Map(report.metrics.map((metric) => [metric.key, metric.title]));
  const level = levelText(report.level);
  return report.factorial.metrics.map((metric) => {
    const title = titles.get(metric.metric) ?? metric.metric;
    const simple = effectLines('simple effects', metric.simple, level);
    const main = effectLines('main effects', metric.main, level);
    return [
      `FACTORS: ${title.toUpperCase()}`,
      ...wrap(metric.leadText, 96, '  '),
      '',
      ...(metric.lead === 'simple' ? simple : main),
      ...effectLines('interactions (difference of differences)', metric.interactions, level),
      ...jointLines(metric),
      ...(metric.lead === 'simple' ? main : simple),
    ];
  });
}

function effectLines(title: string, effects: readonly FactorialEffect[], level: string): string[] {
  if (effects.length === 0) return [];
  const shown = effects.filter((effect) => !('refused' in effect.difference));
  const refused = effects.length - shown.length;
  const corrected = effects.some((effect) => effect.adjusted);
  const headers = [
    { title, align: 'left', most: 44 } as const,
    { title: 'difference', align: 'right' } as const,
    { title: `${level} interval`, align: 'right' } as const,
    { title: 'p', align: 'right' } as const,
    ...(corrected ? [{ title: 'Holm', align: 'right' } as const] : []),
  ];
  const rows = shown
    .slice(0, mostLines)
    .map((effect) => [
      effect.label,
      ...estimateCells(effect.difference),
      testCell(effect.test),
      ...(corrected ? [effect.adjusted ? bare(effect.adjusted.text) : '-'] : []),
    ]);
  const more = shown.length - mostLines;
  return [
    ...(rows.length > 0 ? indented(textTable(headers, rows)) : [`  ${title}`]),
    ...(rows.length > 1 ? [`  ${uncorrected('effects', corrected)}`] : []),
    ...(more > 0 ? [`  … and ${more} more: see the JSON or CSV form.`] : []),
    ...(refused > 0 ? [`  ${refused} not computed: they compare combinations that nobody is in.`] : []),
  ];
}

function jointLines({ joint, higherOrder }: FactorialMetric): string[] {
  const more = higherOrder && ('refused' in higherOrder ? higherOrder.reason : testText(higherOrder));
  const beyond = more === undefined ? [] : wrap(`three or more factors together: ${more}`, 96, '  ');
  const groups = joint.flatMap(({ kind, factors, test }) => {
    const what = kind === 'main' ? `all levels of ${factors.join('')}` : `${factors.join(' × ')} together`;
    return wrap(`${what}: ${'refused' in test ? test.reason : testText(test)}`, 96, '  ');
  });
  return [...groups, ...beyond];
}
