import { firstFrom } from './history-index.js';
import { type Window, windowStartOnce } from './window.js';
import { type Zone, instantOf, utc } from './zone.js';

const hourMs = 3_600_000;
const dayMs = 86_400_000;
/** What has left a window can come back where its start falls back, by a day at most; one more for other zones. */
const fallbackMs = 2 * dayMs;

/**
 * Every clock after `after`, in order, at which the start of a window reaches, passes or falls back behind one of `times` (in
 * order): whenever something may fall out of the window or come back into it. Starts do fall back: on 29 March less one month
 * stands 28 February again, and an hour comes twice in autumn. Some clocks may be named at which nothing changes.
 */
export function* windowCrossings(
  zone: Zone,
  times: readonly number[],
  window: Window,
  after: number,
): Generator<number, undefined> {
  const first = times[firstFrom(times, windowStartOnce(zone, after, window) - fallbackMs)];
  const last = times.at(-1);
  if (first === undefined || last === undefined) return;
  if (window.unit === 'h' || (window.unit === 'd' && zone === utc)) {
    yield* reached(times, window.count * (window.unit === 'h' ? hourMs : dayMs), after, Infinity);
    return;
  }
  let before: number | undefined;
  for (const [start, end] of steadyPieces(zone, window, Math.max(after, reach(first, window)[0]), reach(last, window)[1])) {
    const length = start - windowStartOnce(zone, start, window);
    if (length !== before && start > after) yield start;
    before = length;
    yield* reached(times, length, Math.max(start - 1, after), end);
  }
} // prettier-ignore

/** When times are exactly as long ago as a window is, and a moment more, after one clock and before another. */
function* reached(
  times: readonly number[],
  length: number,
  after: number,
  end: number,
): Generator<number, undefined> {
  for (let i = firstFrom(times, after - length); i < times.length; i += 1) {
    const time = (times[i] ?? 0) + length;
    if (time >= end) return;
    if (time > after) yield time;
    if (time + 1 < end) yield time + 1;
  }
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
function* steadyPieces(zone: Zone, window: Window, from: number, to: number): Generator<Piece, undefined> {
  let start = from;
  for (let day = Math.floor((from + zone.offsetAt(from)) / dayMs) + 1; start < to; day += 1) {
    const end = Math.min(to, instantOf(zone, day * dayMs));
    if (end <= start) continue;
    yield* cutFurther(zone, window, start, end);
    start = end;
  }
}

function cutFurther(zone: Zone, window: Window, start: number, end: number): Piece[] {
  if (end - start <= 1 || isSteady(zone, window, start, end - 1)) return [[start, end]];
  const middle = Math.floor((start + end) / 2);
  return [...cutFurther(zone, window, start, middle), ...cutFurther(zone, window, middle, end)];
}

/** No clocks are changed in between, neither now nor at the start of the window. */
function isSteady(zone: Zone, window: Window, first: number, last: number): boolean {
  const [a, b] = [windowStartOnce(zone, first, window), windowStartOnce(zone, last, window)];
  return (
    b - a === last - first &&
    zone.offsetAt(first) === zone.offsetAt(last) &&
    zone.offsetAt(a) === zone.offsetAt(b)
  );
}
