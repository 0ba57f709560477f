import type { Zone } from './zone.js';
import { instantOf, utc } from './zone.js';

/** A length of time as rules write it: hours are exact, days and months go by the recipient's calendar. */
export interface Window {
  readonly count: number;
  readonly unit: 'h' | 'd' | 'mo';
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Most that one window may be: about 27 years of days. */
const most: Readonly<Record<Window['unit'], number>> = { h: 9_999, d: 9_999, mo: 327 };

/** `12h`, `30d` or `3mo`; undefined for anything else. */
export function parseWindow(text: string): Window | undefined {
  const match = /^([1-9]\d{0,3})(h|d|mo)$/.exec(text);
  if (!match) return undefined;
  const window: Window = { count: Number(match[1]), unit: match[2] as Window['unit'] };
  return window.count <= most[window.unit] ? window : undefined;
}

const units: Readonly<Record<Window['unit'], string>> = { h: 'hour', d: 'day', mo: 'month' };

/** In words, for readers: `30 days`, `1 month`. */
export function spellWindow({ count, unit }: Window): string {
  return `${count} ${units[unit]}${count === 1 ? '' : 's'}`;
}

/**
 * `clock` less the window. Days and months keep the time of day on the recipient's clocks; a month back from a day that the
 * earlier month does not have is that month's last day (31 March less one month is 28 or 29 February).
 */
export function windowStart(zone: Zone, clock: number, { count, unit }: Window): number {
  if (unit === 'h') return clock - count * hourMs;
  return unit === 'd' ? daysBefore(zone, clock, count) : atClock(zone, clock, -count, monthsBefore);
}

/** The window in milliseconds where it is always as long; undefined where that depends on the calendar. */
export function lengthOf(zone: Zone, { count, unit }: Window): number | undefined {
  if (unit === 'h') return count * hourMs;
  return unit === 'd' && zone === utc ? count * dayMs : undefined;
}

/** The same time of day a number of calendar days earlier. */
export function daysBefore(zone: Zone, clock: number, days: number): number {
  if (zone === utc || days === 0) return clock - days * dayMs;
  return atClock(zone, clock, days, (wall) => wall - days * dayMs);
}

/** The same as `windowStart`, for clocks that are asked about once. */
export function windowStartOnce(zone: Zone, clock: number, { count, unit }: Window): number {
  if (unit === 'h') return clock - count * hourMs;
  const wall = clock + zone.offsetAt(clock);
  if (unit === 'd') return count === 0 ? clock : instantOf(zone, wall - count * dayMs);
  return instantOf(zone, monthsBefore(wall, -count));
}

/** Many recipients are decided for at one clock: what was worked out for the last one is kept. Days above 0, months below. */
function atClock(
  zone: Zone,
  clock: number,
  key: number,
  back: (wall: number, key: number) => number,
): number {
  const { memo } = zone;
  if (memo.clock !== clock) {
    memo.clock = clock;
    memo.starts.clear();
  }
  let start = memo.starts.get(key);
  if (start === undefined) {
    start = instantOf(zone, back(clock + zone.offsetAt(clock), key));
    memo.starts.set(key, start);
  }
  return start;
}

/** @param months below 0. */
function monthsBefore(wall: number, months: number): number {
  const date = new Date(wall);
  const month = date.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), lastDay);
  return Date.UTC(date.getUTCFullYear(), month, day) + (wall - Math.floor(wall / dayMs) * dayMs);
}

/** At least as many milliseconds as the window can span in any zone: clocks may be put back, by a day at most. */
export function mostMs({ count, unit }: Window): number {
  if (unit === 'h') return count * hourMs;
  return (unit === 'd' ? count : count * 31) * dayMs + dayMs;
}
