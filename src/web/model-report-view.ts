import type { ModelReport } from '../strategies/model-report.js';
import { drawCalibration, percent } from './calibration-chart.js';
import { count, measureView, number, text, time } from './model-figures.js';
import { shownSpan } from './shown-time.js';

type Part<K extends keyof ModelReport> = NonNullable<ModelReport[K]>;

/** What a model page shows of the report that was made when the model was learned. What a report has not, is undefined. */
export function modelReportView(report: ModelReport) {
  const { window, split, features = [], surrogate } = report;
  return {
    window: { from: window.from && time(window.from), until: time(window.until) },
    split: { kind: split.kind, note: text(split.note) },
    notes: report.notes.map(text),
    measures: report.measures.map(measureView),
    baselines: report.baselines?.map(({ name, measures }) => ({
      name: text(name),
      measures: measures.map(measureView),
    })),
    labels: report.labels && labelsView(report.labels),
    features: report.features?.map(featureView),
    hasGain: features.some(({ gain }) => gain !== undefined),
    hasImportance: features.some(({ importance }) => importance !== undefined),
    calibration: report.calibration && calibrationView(report.calibration),
    candidates: report.candidates && candidatesView(report.candidates),
    elimination: report.elimination?.map(eliminationView),
    surrogate: surrogate && { lines: surrogate.lines.map(text), fidelity: number(surrogate.fidelity) },
    interactions: report.interactions && interactionsView(report.interactions),
    hasReference: report.reference !== undefined,
  };
}

function labelsView(labels: Part<'labels'>) {
  return {
    outcome: text(labels.outcome),
    horizon: shownSpan(labels.horizonMs / 1_000),
    cutOffs: labels.cutOffs.map(time),
    rows: count(labels.rows),
    positives: count(labels.positives),
    rate: labels.rows === 0 ? '–' : percent(labels.positives / labels.rows),
    gaps: labels.gaps.map(({ reason, rows }) => ({ reason: text(reason), rows: count(rows) })),
  };
}

function featureView({ name, title, type, missing, gain, importance }: Part<'features'>[number]) {
  return {
    ...{ name: text(name), title: text(title), type, missing: percent(missing) },
    gain: gain === undefined ? undefined : percent(gain),
    importance: importance && {
      value: number(importance.value),
      interval: importance.interval.map(number).join(' to '),
    },
  };
}

function calibrationView(points: Part<'calibration'>) {
  return {
    chart: drawCalibration(points),
    rows: points.map(({ rows, predicted, observed, interval }) => ({
      ...{ rows: count(rows), predicted: percent(predicted), observed: percent(observed) },
      interval: interval.map(percent).join(' to '),
    })),
  };
}

function candidatesView({ measure, folds, foldsHash, rows }: Part<'candidates'>) {
  return {
    ...{ measure: text(measure), folds, foldsHash },
    rows: rows.map(({ name, settings, score, spread }) => ({
      ...{ name: text(name), settings: text(JSON.stringify(settings)) },
      ...{ score: number(score), spread: number(spread) },
    })),
  };
}

function eliminationView({ dropped, left, score }: Part<'elimination'>[number]) {
  return { dropped: dropped === null ? 'none' : text(dropped), left, score: number(score) };
}

function interactionsView({ recipients, items, interactions, density }: Part<'interactions'>) {
  return {
    ...{ recipients: count(recipients), items: count(items) },
    ...{ interactions: count(interactions), density: percent(density) },
  };
}
