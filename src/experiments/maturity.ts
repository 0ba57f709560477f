import { formatDuration } from './duration.js';
import type { Metric, StoredExperiment } from './experiment.js';

type Windows = Pick<StoredExperiment, 'metrics' | 'windowMs'>;

/** How long any metric waits for a recipient, in milliseconds: its delay, its window, and the time for late events. */
export function longestWindowMs(experiment: Windows): number {
  return Math.max(0, ...experiment.metrics.map((metric) => waitOf(metric, experiment)));
}

function waitOf(metric: Metric, { windowMs }: Windows): number {
  return (metric.delayMs ?? 0) + (metric.windowMs ?? windowMs ?? 0) + (metric.maturityMs ?? 0);
}

/** Whether the planned end of enrolment has passed: from then on nobody new is enrolled. */
export function hasEnded(experiment: Pick<StoredExperiment, 'plan'>, now: Date): boolean {
  const { end } = experiment.plan;
  return end !== undefined && now.getTime() >= Date.parse(end);
}

/**
 * Why no verdict may be given yet, as a sentence; undefined once enrolment is over and every window has closed.
 *
 * @param lastWindowStart when the window of the last recipient began, at their last send where there are several; undefined
 * when nobody is enrolled.
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
  const waitMs = longestWindowMs(experiment);
  const closes = new Date(lastWindowStart.getTime() + waitMs);
  if (now >= closes) return undefined;
  return `The ${whatIsOpen(experiment, waitMs)} of the last recipients is open until ${minute(closes)}.`;
}

/** The window that closes last, with what is added to it: `14d window (delayed by 2d, 1d for late events)`. */
function whatIsOpen(experiment: Windows, waitMs: number): string {
  const last = experiment.metrics.find((metric) => waitOf(metric, experiment) === waitMs);
  const added = [
    ...(last?.delayMs ? [`delayed by ${formatDuration(last.delayMs)}`] : []),
    ...(last?.maturityMs ? [`${formatDuration(last.maturityMs)} for late events`] : []),
  ];
  const window = `${formatDuration(last?.windowMs ?? experiment.windowMs ?? 0)} window`;
  return added.length === 0 ? window : `${window} (${added.join(', ')})`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function minute(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
