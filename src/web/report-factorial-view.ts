import { bare, countText as count } from '../reports/format.js';
import type { FactorialEffect, FactorialMetric } from '../reports/report-factorial.js';
import type { ReportTest } from '../reports/report-figures.js';
import type { Report } from '../reports/report.js';
import type { Refusal } from '../statistics/result.js';
import { estimateView, testText, typeset, type EstimateView } from './estimate-view.js';
import { drawBars, type Bar } from './interval-bar.js';

/** What the factors of a design do, one for every metric. */
export interface FactorialView {
  readonly id: string;
  readonly title: string;
  readonly leadText: string;
  readonly cells: readonly {
    readonly levels: readonly string[];
    readonly n: string;
    readonly value: EstimateView;
  }[];
  readonly factors: readonly string[];
  readonly groups: readonly EffectGroup[];
  readonly joint: readonly string[];
}

interface EffectGroup {
  readonly title: string;
  readonly lead: boolean;
  /** Which figures are corrected for their number, where there are several. */
  readonly corrected: string | undefined;
  readonly rows: readonly EffectRow[];
  /** Effects that could not be computed. */
  readonly refused: number;
}

interface EffectRow {
  readonly label: string;
  readonly difference: EstimateView;
  readonly p: string;
  readonly adjusted: string | undefined;
  readonly bar: Bar | undefined;
}

export function factorialViews(report: Report): FactorialView[] {
  return (report.factorial?.metrics ?? []).map((one, i) => factorialView(report, one, `factors-${i + 1}`));
}

function factorialView(report: Report, metric: FactorialMetric, id: string): FactorialView {
  const title = report.metrics.find((one) => one.key === metric.metric)?.title ?? metric.metric;
  const main = effectGroup('Main effects', metric.lead === 'main', metric.main);
  const simple = effectGroup('Simple effects', metric.lead === 'simple', metric.simple);
  const interactions = effectGroup('Interactions', false, metric.interactions);
  const names = (factor: number, key: string): string =>
    report.factors[factor]?.levels.find((level) => level.key === key)?.title ?? key;
  const groups = metric.lead === 'main' ? [main, interactions, simple] : [simple, interactions, main];
  return {
    id,
    title,
    leadText: typeset(metric.leadText),
    factors: report.factors.map((factor) => factor.title),
    cells: metric.cells.map((cell) => ({
      levels: cell.levels.map((key, factor) => names(factor, key)),
      n: count(cell.n),
      value: estimateView(cell.value),
    })),
    groups: groups.filter((group) => group.rows.length + group.refused > 0),
    joint: jointTexts(metric),
  };
}

function jointTexts({ joint, higherOrder }: FactorialMetric): string[] {
  const answer = (test: ReportTest | Refusal): string =>
    'refused' in test ? test.reason : typeset(test.text);
  const groups = joint.map(({ kind, factors, test }) => {
    const what = kind === 'main' ? `All levels of ${factors.join('')}` : `${factors.join(' × ')} together`;
    return `${what}: ${answer(test)}`;
  });
  return [...groups, ...(higherOrder ? [`Three or more factors together: ${answer(higherOrder)}`] : [])];
}

/** Effects on empty combinations are counted, not listed. */
function effectGroup(title: string, lead: boolean, effects: readonly FactorialEffect[]): EffectGroup {
  const shown = effects.filter((effect) => !('refused' in effect.difference));
  const holm = shown.some((effect) => effect.adjusted) ? '; the last column is' : '';
  const corrected =
    shown.length > 1 ? `Intervals and p are not corrected for the number of effects${holm}.` : undefined;
  return { title, lead, corrected, rows: effectRows(shown), refused: effects.length - shown.length };
}

function effectRows(effects: readonly FactorialEffect[]): EffectRow[] {
  const bars = drawBars(effects.map((effect) => effect.difference));
  return effects.map((effect, i) => ({
    label: effect.label,
    difference: estimateView(effect.difference),
    p: testText(effect.test),
    adjusted: effect.adjusted ? bare(effect.adjusted.text) : undefined,
    bar: bars[i],
  }));
}
