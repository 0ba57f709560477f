import type { Experiment, Metric } from '../experiments/experiment.js';
import { happeningsOf } from './happenings.js';
import type { HistoryEvent } from './history.js';
import { sendsOf, windowOf } from './windows.js';

/**
 * When the last window of a metric closes for one recipient, with the time for late events; milliseconds since 1970. Where no
 * send was reported, the enrolment stands for it.
 */
export function windowEnd(
  experiment: Experiment,
  metric: Metric,
  enrolledAt: number,
  history: readonly HistoryEvent[],
): number {
  const { from, delay, length } = windowOf(metric, experiment);
  const { times } = sendsOf(happeningsOf(experiment, history));
  const start =
    from === 'assignment' ? enrolledAt : ((from === 'first_send' ? times[0] : times.at(-1)) ?? enrolledAt);
  return start + delay + length + (metric.maturityMs ?? 0);
}
