import { formatDuration } from './duration.js';
import type { StoredExperiment } from './experiment.js';

/** The longest window that any metric waits for, in milliseconds. */
export function longestWindowMs(experiment: Pick<StoredExperiment, 'metrics' | 'windowMs'>): number {
  return Math.max(...experiment.metrics.map((metric) => metric.windowMs ?? experiment.windowMs ?? 0));
}

/** Whether the planned end of enrolment has passed: from then on nobody new is enrolled. */
export function hasEnded(experiment: Pick<StoredExperiment, 'plan'>, now: Date): boolean {
  const { end } = experiment.plan;
  return end !== undefined && now.getTime() >= Date.parse(end);
}

/**
 * Why no verdict may be given yet, as a sentence; undefined once enrolment is over and every window has closed.
 *
 * @param lastWindowStart when the window of the last recipient began; undefined when nobody is enrolled.
 */
export function whyInterim(
  experiment: StoredExperiment,
  lastWindowStart: Date | undefined,
  now: Date,
): string | undefined {
  if (experiment.status === 'draft') return 'The experiment has not started.';
  if (!lastWindowStart) return 'Nobody has been enrolled yet.';
  const end = experiment.plan.end;
  if (experiment.status !== 'stopped' && !hasEnded(experiment, now)) {
    const until = end === undefined ? 'until it is stopped' : `until ${day(new Date(end))}`;
    return `Recipients are still being enrolled, ${until}.`;
  }
  const windowMs = longestWindowMs(experiment);
  const closes = new Date(lastWindowStart.getTime() + windowMs);
  if (now >= closes) return undefined;
  return `The ${formatDuration(windowMs)} window of the last recipients is open until ${minute(closes)}.`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
