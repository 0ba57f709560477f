import type { EventType, Measure } from '../experiments/experiment.js';
import { isOfType, type Past, passes } from './filters.js';
import type { Happening } from './happenings.js';
import { eventKinds } from './kinds/registry.js';
import { effectiveTime, startHolding, type Timeline, type Window, within } from './windows.js';

const minuteMs = 60_000;
const most = BigInt(Number.MAX_SAFE_INTEGER);

/** Counts for which it is enough that something else proves the event: a click, that the message was opened. */
const provable: ReadonlySet<Measure['count']> = new Set(['once', 'messages', 'minutes']);

interface Counted {
  readonly happening: Happening;
  readonly at: number;
  /** Start of the window that it lies in. */
  readonly start: number;
}

/**
 * The integer that a measure comes to for one recipient in its windows.
 *
 * @param gapMs of `again`: how long after the first the later one must be.
 */
export function measured(
  measure: Measure,
  window: Window,
  gapMs: number,
  timeline: Timeline,
  past: Past,
): number {
  const types = typesCounted(measure);
  const counted: Counted[] = [];
  for (const happening of past.happenings) {
    if (!types.has(happening.type) || !counts(measure, happening)) continue;
    const at = effectiveTime(timeline, happening);
    const start = startHolding(timeline, window, at, happening.wave);
    if (start === undefined || isCancelled(happening, start, window)) continue;
    if (!passes(measure.where, happening, measure.event, past)) continue;
    // Most measures ask no more than whether there is any.
    if (measure.count === 'once') return 1;
    counted.push({ happening, at, start });
  }
  switch (measure.count) {
    case 'once':
      return 0;
    case 'events':
      return counted.length;
    case 'messages':
      return new Set(counted.map((one) => messageOf(one, timeline))).size;
    case 'again':
      return happensAgain(counted, gapMs) ? 1 : 0;
    case 'minutes':
      return minutesToFirst(counted, window);
    case 'value':
      return valueOf(measure, counted, window, timeline, past);
  }
}

/** Types that are an event, and types that are or prove it. */
const same = setsOf((type, event) => type === event || isOfOrder(type, event));
const proving = setsOf(
  (type, event) => type === event || isOfOrder(type, event) || eventKinds[type].proves.includes(event),
);

function setsOf(is: (type: EventType, event: EventType) => boolean) {
  const all = Object.keys(eventKinds) as EventType[];
  const sets = all.map((event) => [event, new Set(all.filter((type) => is(type, event)))] as const);
  return Object.fromEntries(sets) as unknown as Readonly<Record<EventType, ReadonlySet<EventType>>>;
}

/** Conversions and purchases may be each other; which is for the happening to say. */
function isOfOrder(type: EventType, event: EventType): boolean {
  return isOrderType(type) && isOrderType(event);
}

function isOrderType(type: EventType): boolean {
  return type === 'converted' || type === 'purchase';
}

function typesCounted({ event, count }: Measure): ReadonlySet<EventType> {
  return provable.has(count) ? proving[event] : same[event];
}

function counts({ event, classes }: Measure, happening: Happening): boolean {
  if (happening.isRefund === true) return false;
  if (isOrderType(happening.type)) return isOfType(happening, event);
  const classed = event === 'opened' || event === 'clicked';
  return !classed || classes.includes(happening.class ?? 'unknown');
}

/** A cancellation after the window comes too late to matter, as any other event would. */
function isCancelled({ cancelledAt }: Happening, start: number, { delay, length }: Window): boolean {
  return cancelledAt !== undefined && cancelledAt < start + delay + length;
}

/** The message that something belongs to: its own, or the latest sent before it. */
function messageOf({ happening, start }: Counted, { sends }: Timeline): string {
  if (happening.wave !== undefined) return happening.wave;
  for (const [wave, at] of sends.byWave) if (at === start) return wave;
  return '';
}

function happensAgain(counted: readonly Counted[], gapMs: number): boolean {
  const times = counted.map((one) => one.at);
  const first = Math.min(...times);
  const others = times.length - 1;
  return others > 0 && times.filter((at) => at >= first + gapMs).length > (gapMs === 0 ? 1 : 0);
}

/** Whole minutes to the first; the whole window where there is none. */
function minutesToFirst(counted: readonly Counted[], { delay, length }: Window): number {
  const shortest = Math.min(length, ...counted.map((one) => one.at - one.start - delay));
  return Math.floor(shortest / minuteMs);
}

/**
 * Amounts that came in, less what went back for them inside the same window: that of the order, where it is known. What is
 * more than a double holds exactly (90 trillion euros of one recipient) is counted as the most it holds.
 */
function valueOf(
  measure: Measure,
  counted: readonly Counted[],
  window: Window,
  timeline: Timeline,
  past: Past,
): number {
  if (counted.length === 0 && !past.happenings.some(({ isRefund }) => isRefund === true)) return 0;
  let sum = 0n;
  const paid = new Map<Happening, { readonly start: number; left: bigint; allBack: boolean }>();
  for (const { happening, start } of counted) {
    const value = happening.value ?? 0n;
    sum += value;
    paid.set(happening, { start, left: value, allBack: false });
  }
  for (const refund of past.happenings) {
    const { refundOf, isRefund, at, wave, value } = refund;
    if (isRefund !== true || refundOf === 'unknown') continue;
    const order = refundOf && paid.get(refundOf);
    const start = refundOf ? order?.start : startHolding(timeline, window, at, wave);
    if (start === undefined || within(start, window, at) === undefined) continue;
    if (!order && !refundsAnything(measure, refund, past)) continue;
    sum += value ?? 0n;
    if (order && value === undefined) order.allBack = true;
    else if (order) order.left += value ?? 0n;
  }
  for (const { left, allBack } of paid.values()) if (allBack && left > 0n) sum -= left;
  return Number(sum > most ? most : sum < -most ? -most : sum);
}

/** A refund that names no order lowers what its own type or a conversion would have raised. */
function refundsAnything(measure: Measure, refund: Happening, past: Past): boolean {
  if (measure.event !== 'converted' && measure.event !== 'purchase') return false;
  return passes(measure.where, refund, measure.event, past);
}
