import type { Experiment, Metric } from '../experiments/experiment.js';
import type { EmailEvent } from './email-event.js';
import { isRefund } from './kinds/converted.js';

/** Integer outcome by metric key; a metric that is left out is 0. */
export type Outcomes = Readonly<Record<string, bigint>>;

/**
 * The outcomes of one enrolled recipient, from all their events. The window is half-open, `[start, start + length)`,
 * and starts at the recipient's own send; at the enrolment where no send was ever reported.
 */
export function outcomesOf(
  experiment: Pick<Experiment, 'metrics' | 'windowMs'>,
  enrolledAt: Date,
  sentAt: Date | undefined,
  events: readonly EmailEvent[],
): Outcomes {
  const start = (sentAt ?? enrolledAt).getTime();
  // Without a prototype: a metric may be called `constructor`.
  const outcomes = Object.create(null) as Record<string, bigint>;
  for (const metric of experiment.metrics) {
    const end = start + (metric.windowMs ?? experiment.windowMs ?? 0);
    const counted = events.filter((event) => {
      const at = event.at.getTime();
      return at >= start && at < end && counts(metric, event);
    });
    const outcome = outcomeOf(metric, counted);
    if (outcome !== 0n) outcomes[metric.key] = outcome;
  }
  return outcomes;
}

function counts(metric: Metric, event: EmailEvent): boolean {
  if (event.type !== metric.event) return false;
  if (metric.type !== 'money' && isRefund(event)) return false;
  const classed = event.type === 'opened' || event.type === 'clicked';
  return !classed || metric.classes.includes(event.class ?? 'unknown');
}

function outcomeOf(metric: Metric, events: readonly EmailEvent[]): bigint {
  switch (metric.type) {
    case 'proportion':
      return events.length > 0 ? 1n : 0n;
    case 'mean':
      return BigInt(events.length);
    case 'money':
      return events.reduce((sum, event) => sum + (event.value ?? 0n), 0n);
  }
}
