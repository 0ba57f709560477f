import type { CohortEffect, CohortReport } from '../reports/report-cohorts.js';
import type { Report } from '../reports/report.js';
import { differText } from '../reports/cohort-words.js';
import { countText as count } from '../reports/format.js';
import { estimateView, testText, typeset, type EstimateView } from './estimate-view.js';
import { drawBars, type Bar } from './interval-bar.js';

export interface CohortView {
  readonly id: string;
  readonly trait: string;
  readonly leftOut: readonly string[];
  readonly effects: readonly CohortEffectView[];
}

interface CohortEffectView {
  /** On the deciding metric: shown unfolded. */
  readonly deciding: boolean;
  readonly title: string;
  readonly arm: string;
  readonly metric: string;
  readonly differ: string;
  readonly rows: readonly CohortRow[];
}

interface CohortRow {
  readonly value: string;
  readonly n: string;
  readonly control: EstimateView;
  readonly treated: EstimateView;
  readonly difference: EstimateView;
  readonly p: string;
  readonly steadied: string;
  readonly bar: Bar | undefined;
}

export function cohortViews(report: Report): CohortView[] {
  return report.cohorts.map((cohort, i) => ({
    id: `cohort-${i + 1}`,
    trait: cohort.trait,
    leftOut: leftOutTexts(cohort),
    effects: cohort.effects.map((effect) => effectView(report, effect)),
  }));
}

function effectView(report: Report, effect: CohortEffect): CohortEffectView {
  const metric = report.metrics.find((one) => one.key === effect.metric)?.title ?? effect.metric;
  const arm = report.arms.find((one) => one.key === effect.arm)?.title ?? effect.arm;
  const bars = drawBars(effect.values.map((value) => value.difference));
  return {
    deciding: effect.metric === report.verdict.metric,
    title: `${metric}: ${arm} against the control`,
    arm,
    metric,
    differ: 'refused' in effect.interaction ? differText(effect) : typeset(differText(effect)),
    rows: effect.values.map((value, i) => ({
      value: value.value === '' ? '(empty)' : value.value,
      n: count(value.n.control + value.n.arm),
      control: estimateView(value.control),
      treated: estimateView(value.treated),
      difference: estimateView(value.difference),
      p: testText(value.test),
      steadied: value.shrunk ? estimateView(value.shrunk).text : '–',
      bar: bars[i],
    })),
  };
}

function leftOutTexts({ hidden, omitted, minimum }: CohortReport): string[] {
  const values = (n: number): string => (n === 1 ? '1 value' : `${n} values`);
  const texts = [];
  if (hidden.values > 0) {
    texts.push(
      `${values(hidden.values)} with fewer than ${minimum} recipients in some arm hidden (${count(hidden.recipients)} in all).`,
    );
  }
  if (omitted.values > 0) {
    texts.push(
      `The ${values(omitted.values)} with the fewest recipients not shown (${count(omitted.recipients)} in all).`,
    );
  }
  return texts;
}
