import type { Behaviour, History } from '../history.js';

export const day = 86_400_000;

/** Which events are looked at: these types, from a window before the clock to just before it. */
export interface Looked {
  readonly types: readonly string[];
  readonly category?: string;
  /** Undefined: from the beginning. */
  readonly windowMs?: number;
}

/** Events in the half-open window that ends at the clock: what happens at it or later is never known. */
export function eventsIn(
  history: History,
  clock: number,
  { types, category, windowMs }: Looked,
): Behaviour[] {
  const since = windowMs === undefined ? -Infinity : clock - windowMs;
  return history.filter(
    (event) =>
      event.at < clock &&
      event.at >= since &&
      types.includes(event.type) &&
      (category === undefined || event.category === category),
  );
}

/** When the first of the events in the window, which stand in order, is no longer in it. */
export function nextToLeave(events: readonly Behaviour[], windowMs: number | undefined): number | undefined {
  const [first] = events;
  return windowMs === undefined || first === undefined ? undefined : first.at + windowMs + 1;
}

/** Whole days between. */
export function wholeDays(from: number, clock: number): number {
  return Math.floor((clock - from) / day);
}

/** When the whole days since that time become one more. */
export function nextWholeDay(from: number, clock: number): number {
  return from + (wholeDays(from, clock) + 1) * day;
}

/** The earlier of two times, of which either may not come. */
export function earlier(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : b === undefined ? a : Math.min(a, b);
}

/** The day of a time, in UTC: 2026-03-01. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
