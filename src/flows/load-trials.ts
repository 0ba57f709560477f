import type { Knex } from 'knex';
import { selectExperiments } from '../database/experiments.js';
import { trialRows, type StoredTrialRow } from '../database/questions/trial-rows.js';
import { decodeHistory } from '../engagement/history.js';
import { windowEnd } from '../engagement/window-end.js';
import { armsOf } from '../experiments/arms.js';
import type { Metric, StoredExperiment } from '../experiments/experiment.js';
import type { LearningLog, LearningNeeds, Trial, TrialRow } from '../strategies/strategy.js';

const page = 2_000;

/**
 * The experiments that a strategy learns from, as they were known at a clock: outcomes of windows that had closed by then only.
 * Recipients of earlier allocations are left out, because they were drawn with other chances. Experiments that do not exist are left
 * out, and so is the outcome of a metric that is not declared.
 */
export async function loadTrials(
  db: Knex,
  wanted: NonNullable<LearningNeeds['trials']>,
  clock: Date,
): Promise<LearningLog['trials']> {
  const keys = [...new Set(wanted.map(({ experiment }) => experiment))];
  if (keys.length === 0) return new Map();
  const experiments = await selectExperiments(db, keys);
  const trials = new Map<string, Trial>();
  for (const key of keys) {
    const experiment = experiments.get(key);
    if (!experiment || experiment.status === 'draft') continue;
    const names = wanted.filter((one) => one.experiment === key).map(({ metric }) => metric);
    trials.set(key, await loadTrial(db, experiment, new Set(names), clock));
  }
  return trials;
}

async function loadTrial(
  db: Knex,
  experiment: StoredExperiment,
  names: ReadonlySet<string>,
  clock: Date,
): Promise<Trial> {
  const { version, weights } = experiment.allocation;
  const metrics = experiment.metrics.flatMap((metric, place) =>
    names.has(metric.key) ? [{ metric, place }] : [],
  );
  const question = { experiment: experiment.key, allocation: version, before: clock };
  const rows: TrialRow[] = [];
  for (let after = ''; ;) {
    const read = await trialRows(db, question, after, page);
    for (const row of read) rows.push(rowOf(experiment, metrics, row, clock.getTime()));
    const last = read.at(-1);
    if (read.length < page || !last) break;
    after = last.recipientKey;
  }
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    arms: armsOf(experiment.factors).map(({ key }) => key),
    shares: weights.map((weight) => weight / all),
    // The database's order of texts may be one of words; that of the log is one of letters.
    rows: rows.sort((a, b) => (a.recipient < b.recipient ? -1 : 1)),
  };
}

function rowOf(
  experiment: StoredExperiment,
  metrics: readonly { readonly metric: Metric; readonly place: number }[],
  { recipientKey, arm, fold, enrolledAt, history, y }: StoredTrialRow,
  clock: number,
): TrialRow {
  const events = decodeHistory(history);
  const closed = metrics.filter(({ metric }) => windowEnd(experiment, metric, enrolledAt, events) <= clock);
  const outcomes = closed.map(({ metric, place }) => [metric.key, y?.[place] ?? 0] as const);
  return { recipient: recipientKey, arm, at: enrolledAt, fold, outcomes: Object.fromEntries(outcomes) };
}
