import type { DateTest, Scalar } from './condition.js';
import { parseWindow, windowStart } from './window.js';
import { type Zone, instantOf } from './zone.js';

/** What a text says about time: a whole day, a time on local clocks, or an instant. */
interface WrittenTime {
  /** Milliseconds as if local clocks were UTC; or since 1970, where the text has an offset. */
  readonly ms: number;
  readonly form: 'day' | 'local' | 'instant';
}

const pattern = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;
const dayMs = 86_400_000;

/** Reads `2026-03-01`, `2026-03-01T10:00` or `2026-03-01T10:00:00Z` (ISO 8601); undefined for anything else. */
export function parseWrittenTime(text: string): WrittenTime | undefined {
  const match = text.length <= 40 ? pattern.exec(text) : null;
  if (!match) return undefined;
  const [, day = '', time, offset] = match;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // 30 February would become a day in March.
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  if (time === undefined) return { ms: midnight, form: 'day' };
  const ms = Date.parse(`${day}T${time}${offset ?? 'Z'}`);
  return Number.isNaN(ms) ? undefined : { ms, form: offset === undefined ? 'local' : 'instant' };
}

/** The instant that a text names on a recipient's clocks; of a day its first. */
export function instantIn(zone: Zone, { ms, form }: WrittenTime): number {
  return form === 'instant' ? ms : instantOf(zone, ms);
}

/** The instant that a trait holds; undefined where it holds no date. */
export function dateOf(zone: Zone, actual: Scalar | undefined): number | undefined {
  const written = typeof actual === 'string' ? parseWrittenTime(actual) : undefined;
  return written && instantIn(zone, written);
}

/**
 * A look at a date made ready; what is no date satisfies none. `after` a day means later than that whole day. `within_last`
 * is half-open like every window: from its start up to, but without, the clock.
 */
export function compileDateTest({
  op,
  value,
}: DateTest): (actual: Scalar | undefined, zone: Zone, clock: number) => boolean {
  if (op === 'within_last') {
    const window = parseWindow(value);
    if (window === undefined) throw new Error(`"${value}" is no window`);
    return (actual, zone, clock) => {
      const date = dateOf(zone, actual);
      return date !== undefined && date < clock && date >= windowStart(zone, clock, window);
    };
  }
  const bound = parseWrittenTime(value);
  if (bound === undefined) throw new Error(`"${value}" is no date`);
  const endOfDay: WrittenTime = { ...bound, ms: bound.ms + dayMs };
  return (actual, zone) => {
    const date = dateOf(zone, actual);
    if (date === undefined) return false;
    if (op === 'before') return date < instantIn(zone, bound);
    return bound.form === 'day' ? date >= instantIn(zone, endOfDay) : date > instantIn(zone, bound);
  };
}
