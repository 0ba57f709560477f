import type { Metric } from '../../src/experiments/experiment.js';
import { factRules, factsOf } from '../../src/engagement/facts.js';
import { type HistoryEvent, inOrder } from '../../src/engagement/history.js';
import { enrolledAt, experiment, happened, metric } from './build.js';

/** Outcome, denominator and covariate of one metric, of a recipient to whom this happened. */
export function factsOfOne(one: Partial<Metric>, ...events: HistoryEvent[]) {
  const rules = factRules(experiment([metric(one)], { exchange: { JPY: '0.0061', USD: '0.92' } }));
  const { y, d, x } = factsOf(rules, enrolledAt, inOrder(events));
  return { y: Number(y[0]), d: Number(d[0]), x: Number(x[0]) };
}
export const outcome = (one: Partial<Metric>, ...events: HistoryEvent[]) => factsOfOne(one, ...events).y;
export const order = (key: string, hours: number, more: Partial<HistoryEvent> = {}) =>
  happened(key, 'converted', hours, more);
