import { spellDuration } from './duration.js';
import type { Experiment, Metric } from './experiment.js';

const verbs: Readonly<Record<Metric['event'], string>> = {
  sent: 'were sent to',
  delivered: 'were delivered to',
  opened: 'opened',
  clicked: 'clicked',
  converted: 'converted',
  unsubscribed: 'unsubscribed',
  complained: 'complained',
  bounced: 'bounced',
};

/** What a metric counts, over whom and in which window: one sentence for the reader of a report. */
export function describeMetric(
  metric: Metric,
  experiment: Pick<Experiment, 'windowMs' | 'currency'>,
): string {
  const window = metric.windowMs ?? experiment.windowMs;
  const within = window === undefined ? '' : ` within ${spellDuration(window)} of their own send`;
  const classed = metric.event === 'opened' || metric.event === 'clicked';
  const classes = classed ? ` (${metric.classes.join(', ').replaceAll('_', ' ')})` : '';
  switch (metric.type) {
    case 'proportion':
      return `Share of all enrolled recipients who ${verbs[metric.event]}${classes}${within}; each counts once.`;
    case 'mean':
      return `Number of times that recipients ${verbs[metric.event]}${classes}${within}, per enrolled recipient, zeros included.`;
    case 'money':
      return `${experiment.currency ?? ''} from conversions${within}, refunds subtracted, per enrolled recipient, zeros included.`.trim();
  }
}

const harms: ReadonlySet<Metric['event']> = new Set(['unsubscribed', 'complained', 'bounced']);

/** Which way is better: as declared, or what is plain from the event. */
export function directionOf(metric: Metric): 'increase' | 'decrease' {
  return metric.direction ?? (harms.has(metric.event) ? 'decrease' : 'increase');
}
