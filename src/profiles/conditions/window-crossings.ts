import { type Window, windowStart } from './window.js';
import { type Zone, instantOf, utc } from './zone.js';

const hourMs = 3_600_000;
const dayMs = 86_400_000;

/**
 * Every clock after `after` at which the start of a window reaches, passes or falls back behind `at`: all times at which what
 * happened at `at` may fall out of the window or come back into it. Starts do fall back: on 29 March less one month stands
 * 28 February again, and an hour comes twice in autumn.
 */
export function windowCrossings(zone: Zone, at: number, window: Window, after: number): number[] {
  if (window.unit === 'h' || (window.unit === 'd' && zone === utc)) {
    const reached = at + window.count * (window.unit === 'h' ? hourMs : dayMs);
    return [reached, reached + 1].filter((time) => time > after);
  }
  const [from, to] = reach(at, window);
  if (to <= after) return [];
  const crossings: number[] = [];
  for (const [start, end] of steadyPieces(zone, window, from, to)) {
    const side = (time: number) => Math.sign(windowStart(zone, time, window) - at);
    if (side(start) !== side(start - 1)) crossings.push(start);
    const reached = at + start - windowStart(zone, start, window);
    for (const time of [reached, reached + 1]) if (time > start && time < end) crossings.push(time);
  }
  return crossings.filter((time) => time > after);
}

/** Between which clocks a window can start about `at`: a day off for zones, and the 29th to 31st of months that lack them. */
function reach(at: number, { count, unit }: Window): [number, number] {
  if (unit === 'd') return [at + (count - 1) * dayMs - 2 * hourMs, at + (count + 1) * dayMs + 2 * hourMs];
  const date = new Date(at);
  const months = date.getUTCMonth() + count;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const day = Date.UTC(date.getUTCFullYear(), months, Math.min(date.getUTCDate(), lastDay));
  return [day - 3 * dayMs, day + 6 * dayMs];
}

type Piece = readonly [start: number, end: number];

/** The time from `from` to `to`, cut where the length of the window changes. */
function steadyPieces(zone: Zone, window: Window, from: number, to: number): Piece[] {
  const cuts = [from];
  const firstDay = Math.floor((from + zone.offsetAt(from)) / dayMs) + 1;
  for (let day = firstDay; ; day += 1) {
    const midnight = instantOf(zone, day * dayMs);
    if (midnight >= to) break;
    if (midnight > from) cuts.push(midnight);
  }
  cuts.push(to);
  return cuts.slice(1).flatMap((end, i) => cutFurther(zone, window, cuts[i] ?? end, end));
}

function cutFurther(zone: Zone, window: Window, start: number, end: number): Piece[] {
  if (end - start <= 1 || isSteady(zone, window, start, end - 1)) return [[start, end]];
  const middle = Math.floor((start + end) / 2);
  return [...cutFurther(zone, window, start, middle), ...cutFurther(zone, window, middle, end)];
}

/** No clocks are changed in between, neither now nor at the start of the window. */
function isSteady(zone: Zone, window: Window, first: number, last: number): boolean {
  const [a, b] = [windowStart(zone, first, window), windowStart(zone, last, window)];
  return (
    b - a === last - first &&
    zone.offsetAt(first) === zone.offsetAt(last) &&
    zone.offsetAt(a) === zone.offsetAt(b)
  );
}
