import type {
  Comparison,
  FactorialEffect,
  FactorialMetric,
  Finding,
  MetricReport,
  Report,
  ReportTest,
  VerdictKind,
} from '../reports/report.js';
import type { Refusal } from '../statistics/result.js';
import { bare, counted, countText as count, levelText } from '../reports/format.js';
import {
  metricHeads,
  metricNotes,
  totalText,
  warningTexts,
  type MetricNote,
} from '../reports/metric-faces.js';
import { estimateView, levelView, testText, typeset, type EstimateView } from './estimate-view.js';
import { drawBars, type Bar } from './interval-bar.js';
import { cohortViews, type CohortView } from './report-cohort-view.js';
import { deliveryView, type DeliveryView } from './report-delivery-view.js';
import { funnelView, type FunnelView } from './report-funnel-view.js';

/** All that the templates need, as text and coordinates, so that they hold no decision. */
export interface ReportView {
  readonly title: string;
  readonly hypothesis: string | undefined;
  readonly summary: string;
  readonly snapshot: string | undefined;
  readonly source: string;
  readonly asOf: { readonly iso: string; readonly text: string };
  readonly verdict: VerdictView;
  readonly health: readonly FindingView[];
  readonly metrics: readonly MetricView[];
  readonly factorial: readonly FactorialView[];
  readonly cohorts: readonly CohortView[];
  readonly funnel: FunnelView | undefined;
  readonly delivery: DeliveryView | undefined;
  readonly definitions: Report['definitions'];
}

interface VerdictView {
  readonly label: string;
  readonly tone: 'good' | 'bad' | 'stop' | 'calm';
  readonly sentence: string;
  readonly notes: readonly string[];
}

interface FindingView extends Pick<Finding, 'severity' | 'title' | 'text'> {
  readonly label: string;
}

interface MetricView {
  readonly id: string;
  readonly title: string;
  readonly role: string;
  readonly definition: string;
  readonly totalHead: string;
  readonly valueHead: string;
  readonly level: string;
  readonly corrected: boolean;
  readonly rows: readonly ArmRow[];
  readonly omnibus: string | undefined;
  readonly notes: readonly MetricNote[];
  readonly warnings: readonly string[];
}

interface ArmRow {
  readonly arm: string;
  readonly control: boolean;
  readonly n: string;
  readonly total: string;
  /** What the total is divided by, where that is not the recipients: `of 1,234 delivered`. */
  readonly of: string | undefined;
  readonly value: EstimateView;
  readonly difference?: EstimateView;
  readonly uplift?: EstimateView;
  readonly p?: string;
  readonly adjusted?: string;
  readonly bar?: Bar;
}

interface FactorialView {
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

const verdictLooks: Readonly<Record<VerdictKind, Pick<VerdictView, 'label' | 'tone'>>> = {
  better: { label: 'Better', tone: 'good' },
  several_better: { label: 'Several are better', tone: 'good' },
  worse: { label: 'Worse', tone: 'bad' },
  held_back: { label: 'Held back', tone: 'bad' },
  no_difference_shown: { label: 'No difference shown', tone: 'calm' },
  interim: { label: 'Too early', tone: 'calm' },
  refused: { label: 'No verdict', tone: 'calm' },
  untrustworthy: { label: 'Do not trust', tone: 'stop' },
};

const severityLabels = { ok: 'OK', notice: 'Notice', warning: 'Warning', critical: 'Critical' } as const;

/** Turns a report into its page. */
export function reportView(report: Report): ReportView {
  const level = levelText(report.level);
  const recipients = report.arms.reduce((sum, arm) => sum + arm.n, 0);
  const titles = new Map(report.arms.map((arm) => [arm.key, arm.title]));
  const { kind, sentence, notes } = report.verdict;
  return {
    title: report.title,
    hypothesis: report.hypothesis,
    summary: `${counted(recipients, 'recipient')} in ${counted(report.arms.length, 'arm')}; control: ${titles.get(report.control) ?? report.control}`,
    snapshot: report.snapshot,
    source: sourceText(report),
    asOf: { iso: report.asOf, text: report.asOf.slice(0, 16).replace('T', ' ') + ' UTC' },
    verdict: { ...verdictLooks[kind], sentence: typeset(sentence), notes: notes.map(typeset) },
    health: report.health.map((one) => ({
      severity: one.severity,
      label: severityLabels[one.severity],
      title: one.title,
      text: typeset(one.text),
    })),
    metrics: report.metrics.map((metric, i) => metricView(metric, `metric-${i + 1}`, titles, level)),
    factorial: (report.factorial?.metrics ?? []).map((one, i) =>
      factorialView(report, one, `factors-${i + 1}`),
    ),
    cohorts: cohortViews(report),
    funnel: funnelView(report),
    delivery: deliveryView(report),
    definitions: report.definitions,
  };
}

function sourceText({ source }: Report): string {
  if (source.kind === 'experiment') return `Experiment ${source.key}`;
  const skipped = source.skippedRows > 0 ? `, ${count(source.skippedRows)} skipped` : '';
  return `File ${source.name}, ${count(source.rows)} rows${skipped}`;
}

function metricView(
  metric: MetricReport,
  id: string,
  titles: ReadonlyMap<string, string>,
  level: string,
): MetricView {
  const title = (arm: string): string => titles.get(arm) ?? arm;
  const heads = metricHeads(metric);
  const compared = new Map(metric.comparisons.map((one) => [one.arm, one]));
  const bars = drawBars(metric.comparisons.map((one) => one.difference));
  const barOf = new Map(metric.comparisons.map((one, i) => [one.arm, bars[i]]));
  return {
    id,
    title: metric.title,
    role: `${metric.role}, ${metric.direction === 'increase' ? 'higher' : 'lower'} is better`,
    definition: metric.definition,
    totalHead: capitalised(heads.total),
    valueHead: capitalised(heads.value),
    level,
    corrected: metric.comparisons.some((one) => one.adjusted),
    rows: metric.arms.map((one) => ({
      arm: titles.get(one.arm) ?? one.arm,
      n: count(one.n),
      total: typeset(totalText(metric, one)),
      of: one.denominator?.text,
      value: levelView(one.value, one.mean),
      ...comparisonCells(compared.get(one.arm), barOf.get(one.arm)),
    })),
    omnibus: omnibusText(metric),
    notes: metricNotes(metric, title).map(({ text, caution }) => ({ text: typeset(text), caution })),
    warnings: warningTexts(metric, title),
  };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type ComparisonCells = Pick<ArmRow, 'control' | 'difference' | 'uplift' | 'p' | 'adjusted' | 'bar'>;

function comparisonCells(comparison: Comparison | undefined, bar: Bar | undefined): ComparisonCells {
  if (!comparison) return { control: true };
  return {
    control: false,
    difference: estimateView(comparison.difference),
    uplift: estimateView(comparison.uplift),
    p: testText(comparison.test),
    ...(comparison.adjusted ? { adjusted: bare(comparison.adjusted.text) } : {}),
    ...(bar ? { bar } : {}),
  };
}

function omnibusText({ omnibus }: MetricReport): string | undefined {
  if (!omnibus) return undefined;
  return 'refused' in omnibus ? `not tested: ${omnibus.reason}` : typeset(omnibus.text);
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
