import type { Experiment, Metric, WindowStart } from '../experiments/experiment.js';
import type { Happening } from './happenings.js';
import { eventKinds } from './kinds/registry.js';

/** When the messages of one recipient left, by wave, in the order of the sends. */
export interface Sends {
  readonly byWave: ReadonlyMap<string, number>;
  readonly times: readonly number[];
}

const noSends: Sends = { byWave: new Map(), times: [] };

export function sendsOf(happenings: readonly Happening[]): Sends {
  let byWave: Map<string, number> | undefined;
  for (const { type, at, wave } of happenings) {
    if (type !== 'sent' || wave === undefined) continue;
    byWave ??= new Map();
    const known = byWave.get(wave);
    if (known === undefined || at < known) byWave.set(wave, at);
  }
  if (!byWave) return noSends;
  const times = [...byWave.values()];
  return { byWave, times: times.length > 1 ? times.sort((a, b) => a - b) : times };
}

/** The window of a metric: half-open, `[start + delay, start + delay + length)`. */
export interface Window {
  readonly from: WindowStart;
  readonly delay: number;
  readonly length: number;
}

export function windowOf(metric: Metric, experiment: Pick<Experiment, 'windowMs'>): Window {
  return {
    from: metric.from,
    delay: metric.delayMs ?? 0,
    length: metric.windowMs ?? experiment.windowMs ?? 0,
  };
}

/** What every question about windows of one recipient needs to know. */
export interface Timeline {
  readonly enrolledAt: number;
  readonly sends: Sends;
}

/**
 * When a happening counts as having happened. What is reported of a message cannot have come before its send: an earlier
 * time is another clock, and counts as at the send.
 */
export function effectiveTime({ sends }: Timeline, happening: Happening): number {
  if (happening.wave === undefined || eventKinds[happening.type].of !== 'message') return happening.at;
  return Math.max(happening.at, sends.byWave.get(happening.wave) ?? happening.at);
}

/**
 * The start of the window that the time lies in; undefined where it lies in none. A message's own events belong to its own
 * send; those of the recipient to the latest send whose window holds them. Where no send was ever reported, the
 * enrolment stands for it.
 */
export function startHolding(
  { enrolledAt, sends }: Timeline,
  window: Window,
  at: number,
  wave: string | undefined,
): number | undefined {
  const { times } = sends;
  if (window.from === 'assignment') return within(enrolledAt, window, at);
  if (times.length === 0) return within(enrolledAt, window, at);
  if (window.from === 'first_send') return within(times[0] ?? enrolledAt, window, at);
  if (wave !== undefined) return within(sends.byWave.get(wave) ?? enrolledAt, window, at);
  for (let i = times.length - 1; i >= 0; i -= 1) {
    const start = within(times[i] ?? enrolledAt, window, at);
    if (start !== undefined) return start;
  }
  return undefined;
}

/** The start itself, if the time lies in its window. */
export function within(start: number, { delay, length }: Window, at: number): number | undefined {
  const since = at - start - delay;
  return since >= 0 && since < length ? start : undefined;
}
