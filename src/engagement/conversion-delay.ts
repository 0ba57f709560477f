import type { Experiment } from '../experiments/experiment.js';
import { happeningsOf } from './happenings.js';
import type { HistoryEvent } from './history.js';
import { effectiveTime, sendsOf, startHolding, type Timeline } from './windows.js';

export interface ConversionDelay {
  /** Start of the window that it lies in: the send, as a rule; milliseconds since 1970. */
  readonly start: number;
  /** Milliseconds from there to the conversion. */
  readonly delay: number;
}

/** How long did the first conversion of a recipient take? Undefined without one that lies in a window and stands. */
export function conversionDelay(
  experiment: Pick<Experiment, 'currency' | 'exchange'>,
  enrolledAt: number,
  history: readonly HistoryEvent[],
  windowMs: number,
): ConversionDelay | undefined {
  const happenings = happeningsOf(experiment, history);
  const timeline: Timeline = { enrolledAt, sends: sendsOf(happenings) };
  const window = { from: 'send' as const, delay: 0, length: windowMs };
  let first: (ConversionDelay & { readonly at: number }) | undefined;
  for (const happening of happenings) {
    const { type, isRefund, cancelledAt, wave } = happening;
    if ((type !== 'converted' && type !== 'purchase') || isRefund === true || cancelledAt !== undefined)
      continue;
    const at = effectiveTime(timeline, happening);
    const start = startHolding(timeline, window, at, wave);
    if (start !== undefined && (!first || at < first.at)) first = { at, start, delay: at - start };
  }
  return first && { start: first.start, delay: first.delay };
}
