import type { EventType, Experiment, Measure, Metric } from '../../src/experiments/experiment.js';
import type { HistoryEvent } from '../../src/engagement/history.js';

export const hour = 3_600_000;
export const day = 24 * hour;
/** When the recipient of these tests was enrolled. */
export const enrolledAt = Date.UTC(2026, 2, 1, 9);

/** An event of a history, `hours` after the enrolment; its key names it. */
export function happened(
  key: string,
  type: EventType,
  hours: number,
  more: Partial<HistoryEvent> = {},
): HistoryEvent {
  return { key, type, at: enrolledAt + hours * hour, ...more };
}

/** The same, of the recipient's first message. */
export function ofMessage(
  key: string,
  type: EventType,
  hours: number,
  more: Partial<HistoryEvent> = {},
): HistoryEvent {
  return happened(key, type, hours, { wave: '', ...more });
}

export const orders: Measure = { event: 'converted', classes: [], count: 'events' };

export function metric(more: Partial<Metric> = {}): Metric {
  return {
    key: 'order',
    title: 'Order',
    type: 'mean',
    role: 'primary',
    event: 'converted',
    classes: ['human', 'unknown'],
    count: 'events',
    from: 'send',
    ...more,
  };
}

export function experiment(metrics: readonly Metric[], more: Partial<Experiment> = {}): Experiment {
  return {
    key: 'spring',
    title: 'Spring',
    salt: 'salt',
    factors: [],
    control: '',
    allocation: { version: 1, weights: [1, 1], traffic: 1 },
    metrics,
    cohorts: [],
    currency: 'EUR',
    windowMs: 14 * day,
    plan: { alpha: 0.05, power: 0.8 },
    ...more,
  };
}
