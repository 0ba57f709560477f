import type { FoundModel, ListedModel } from '../flows/find-models.js';
import type { CheckedModel } from '../database/model-checks.js';
import type { Measure, ModelReport } from '../strategies/model-report.js';
import { drawCalibration, percent } from './calibration-chart.js';
import { shownText } from './shown-text.js';
import { shownSpan, shownTime } from './shown-time.js';
import { drawLines } from './spark-line.js';

const longText = 600;
const text = (given: string): string => shownText(given, longText);
const number = (value: number): string => (value === 0 ? '0' : String(Number(value.toPrecision(4))));
const count = (value: number): string => value.toLocaleString('en');
const time = (iso: string) => ({ iso, text: shownTime(new Date(iso)) });

/** One line of the list of models. */
export function listedModelView(model: ListedModel, now: Date) {
  const { report, checks, retraining } = model;
  const alarming = checks.filter(({ alerting }) => alerting);
  const [newest] = checks;
  return {
    ...{ id: model.id, of: model.of, kind: model.kind, inUse: model.inUse },
    href: hrefOf(model.name, model.number),
    learned: { ...time(model.clock), age: shownSpan((now.getTime() - Date.parse(model.clock)) / 1_000) },
    recipients: count(model.source.recipients),
    measure: report?.measures[0] && measureView(report.measures[0]),
    checked: newest && {
      ...time(newest.checkedAt),
      text: alarming.length === 0 ? 'as it was' : alarming.map(({ measure }) => text(measure)).join(', '),
      isAlarming: alarming.length > 0,
    },
    users: usersView(model),
    next: retraining && time(retraining.next),
  };
}

export function hrefOf(name: string, of: number): string {
  return `/models/${encodeURIComponent(name)}/${of}`;
}

function usersView({ users }: Pick<ListedModel, 'users'>) {
  return users.map((user) => ({
    ...{ key: user.key, status: user.status, level: text(user.level), title: text(user.title) },
    href: `/experiments/${encodeURIComponent(user.key)}`,
  }));
}

/** A figure with its interval, or why there is none. */
export function measureView(measure: Measure) {
  const { name, definition } = measure;
  if ('refused' in measure)
    return { name: text(name), definition: text(definition), reason: text(measure.reason) };
  const { value, interval, higherIsBetter, target } = measure;
  return {
    ...{ name: text(name), definition: text(definition), value: number(value) },
    interval: interval && `${number(interval[0])} to ${number(interval[1])}`,
    // With a target the definition says what is best.
    better: target === undefined ? (higherIsBetter ? 'higher is better' : 'lower is better') : undefined,
  };
}

/** Everything that a model page shows. */
export function modelView(model: FoundModel, now: Date) {
  const { report, source, record, runs } = model;
  return {
    ...listedModelView(model, now),
    name: model.name,
    number: model.number,
    hash: model.hash,
    seed: text(model.seed),
    parent: model.parentId,
    strategyHref: `/strategies/${encodeURIComponent(model.name)}`,
    created: time(model.createdAt),
    source: {
      ...{ recipients: count(source.recipients), events: count(source.events), catalogue: source.catalogue },
      from: source.window?.from === undefined ? undefined : time(source.window.from),
      sampled: source.sampled === true,
      experiments: source.experiments?.map((one) => ({
        ...one,
        recipients: count(one.recipients),
        own: model.users.some(({ key }) => key === one.key),
      })),
    },
    report: report && reportView(report),
    drift: driftView(model.history),
    retraining: model.retraining && { ...model.retraining, next: time(model.retraining.next) },
    record: [...record].reverse().map((one) => ({
      ...{ id: one.id, status: one.status, why: text(one.why), by: text(one.doneBy), at: time(one.doneAt) },
      comparison: one.comparison && {
        challenger: measureView(one.comparison.challenger),
        champion: one.comparison.champion && measureView(one.comparison.champion),
      },
    })),
    runs: runs.map((run) => ({
      ...{ id: run.id, status: run.status, by: text(run.askedBy), asked: time(run.askedAt) },
      says: text(run.message ?? run.step),
      share: run.status === 'running' && run.share !== undefined ? percent(run.share) : undefined,
      isOpen: run.status === 'running' || run.status === 'waiting',
    })),
  };
}

function reportView(report: ModelReport) {
  const { labels, features, baselines, calibration, candidates, elimination, surrogate, interactions } =
    report;
  return {
    window: { from: report.window.from && time(report.window.from), until: time(report.window.until) },
    split: { kind: report.split.kind, note: text(report.split.note) },
    notes: report.notes.map(text),
    measures: report.measures.map(measureView),
    baselines: baselines?.map(({ name, measures }) => ({
      name: text(name),
      measures: measures.map(measureView),
    })),
    labels: labels && {
      outcome: text(labels.outcome),
      horizon: shownSpan(labels.horizonMs / 1_000),
      cutOffs: labels.cutOffs.map(time),
      rows: count(labels.rows),
      positives: count(labels.positives),
      rate: labels.rows === 0 ? '–' : percent(labels.positives / labels.rows),
      gaps: labels.gaps.map(({ reason, rows }) => ({ reason: text(reason), rows: count(rows) })),
    },
    features: features?.map((one) => ({
      ...{ name: text(one.name), title: text(one.title), type: one.type, missing: percent(one.missing) },
      gain: one.gain === undefined ? undefined : percent(one.gain),
      importance: one.importance && {
        value: number(one.importance.value),
        interval: one.importance.interval.map(number).join(' to '),
      },
    })),
    hasGain: features?.some(({ gain }) => gain !== undefined) ?? false,
    hasImportance: features?.some(({ importance }) => importance !== undefined) ?? false,
    calibration: calibration && {
      chart: drawCalibration(calibration),
      rows: calibration.map((point) => ({
        ...{
          rows: count(point.rows),
          predicted: percent(point.predicted),
          observed: percent(point.observed),
        },
        interval: point.interval.map(percent).join(' to '),
      })),
    },
    candidates: candidates && {
      ...{ measure: text(candidates.measure), folds: candidates.folds, foldsHash: candidates.foldsHash },
      rows: candidates.rows.map((one) => ({
        ...{ name: text(one.name), settings: text(JSON.stringify(one.settings)) },
        ...{ score: number(one.score), spread: number(one.spread) },
      })),
    },
    elimination: elimination?.map((one) => ({
      ...{
        dropped: one.dropped === null ? 'none' : text(one.dropped),
        left: one.left,
        score: number(one.score),
      },
    })),
    surrogate: surrogate && { lines: surrogate.lines.map(text), fidelity: number(surrogate.fidelity) },
    interactions: interactions && {
      recipients: count(interactions.recipients),
      items: count(interactions.items),
      interactions: count(interactions.interactions),
      density: percent(interactions.density),
    },
    hasReference: report.reference !== undefined,
  };
}

/** Each measure as it went over time, the alarming ones first. */
function driftView(history: readonly CheckedModel[]) {
  const measures = [...new Set(history.map(({ measure }) => measure))];
  const rows = measures.map((measure) => {
    const checks = history.filter((one) => one.measure === measure);
    const last = checks.at(-1) as CheckedModel;
    const days = checks.map(({ checkedAt }) => checkedAt.slice(0, 10));
    const values = checks.map(({ value }) => value ?? undefined);
    const [line] = drawLines([{ title: measure, values }], {
      days,
      write: (value) => (value === undefined ? '–' : number(value)),
    });
    return {
      measure: text(measure),
      value: last.value === null ? undefined : number(last.value),
      threshold: last.threshold === null ? undefined : number(last.threshold),
      alerting: last.alerting,
      ...detailOf(last),
      checked: time(last.checkedAt),
      line: checks.length > 1 ? line : undefined,
    };
  });
  return rows.sort((a, b) => Number(b.alerting) - Number(a.alerting));
}

function detailOf({ detail }: CheckedModel): { reason?: string; interval?: string } {
  if (detail === null || typeof detail !== 'object' || Array.isArray(detail)) return {};
  const { reason, interval } = detail as { reason?: unknown; interval?: unknown };
  return {
    ...(typeof reason === 'string' && { reason: text(reason) }),
    ...(Array.isArray(interval) && { interval: interval.map((end) => number(Number(end))).join(' to ') }),
  };
}
