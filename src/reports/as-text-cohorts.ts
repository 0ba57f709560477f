import { estimateCells, indented, testCell, uncorrected } from './as-text-metric.js';
import { differText } from './cohort-words.js';
import { countText, levelText } from './format.js';
import type { CohortEffect, CohortReport } from './report-cohorts.js';
import type { Report } from './report.js';
import { textTable, wrap } from './text-table.js';

/** One section per trait; every look at cohorts is exploratory and says so. */
export function cohortLines(report: Report): string[][] {
  const titles = {
    metric: new Map(report.metrics.map((metric) => [metric.key, metric.title])),
    arm: new Map(report.arms.map((arm) => [arm.key, arm.title])),
  };
  return report.cohorts.map((cohort) => [
    `COHORTS BY ${cohort.trait.toUpperCase()} (exploratory)`,
    `  ${uncorrected('cohorts', false)}`,
    ...leftOut(cohort),
    ...cohort.effects.flatMap((effect) => [
      '',
      ...wrap(
        `${titles.metric.get(effect.metric) ?? effect.metric}: ${titles.arm.get(effect.arm) ?? effect.arm} against the control. Do cohorts differ? ${differText(effect)}`,
        96,
        '  ',
      ),
      ...indented(effectTable(effect, levelText(report.level))),
    ]),
  ]);
}

function effectTable(effect: CohortEffect, level: string): string[] {
  const headers = [
    { title: '', align: 'left', most: 22 } as const,
    ...['recipients', 'control', 'arm', 'difference', `${level} interval`, 'p', 'steadied'].map(
      (title) => ({ title, align: 'right' }) as const,
    ),
  ];
  const rows = effect.values.map((value) => [
    value.value === '' ? '(empty)' : value.value,
    countText(value.n.control + value.n.arm),
    estimateCells(value.control)[0],
    estimateCells(value.treated)[0],
    ...estimateCells(value.difference),
    testCell(value.test),
    value.shrunk ? value.shrunk.text : '-',
  ]);
  return textTable(headers, rows);
}

/** What is not shown, in words. */
function leftOut({ hidden, omitted, minimum }: CohortReport): string[] {
  const values = (n: number): string => (n === 1 ? '1 value' : `${n} values`);
  return [
    ...(hidden.values > 0
      ? [
          `  Hidden: ${values(hidden.values)} with fewer than ${minimum} recipients in some arm (${countText(hidden.recipients)} in all).`,
        ]
      : []),
    ...(omitted.values > 0
      ? [
          `  Not shown: the ${values(omitted.values)} with the fewest recipients (${countText(omitted.recipients)} in all).`,
        ]
      : []),
  ];
}
