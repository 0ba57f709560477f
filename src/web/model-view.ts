import type { FoundModel, ListedModel } from '../flows/find-models.js';
import type { CheckedModel } from '../database/model-checks.js';
import { percent } from './calibration-chart.js';
import { count, measureView, number, text, time } from './model-figures.js';
import { modelReportView } from './model-report-view.js';
import { shownSpan } from './shown-time.js';
import { drawLines } from './spark-line.js';

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
    report: report && modelReportView(report),
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
