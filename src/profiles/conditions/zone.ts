import { knownTrait } from '../known-trait.js';
import type { Traits } from '../traits.js';

/** A time zone: how far its clocks are ahead of UTC. */
export interface Zone {
  readonly name: string;
  /** Milliseconds that local clocks are ahead of UTC at an instant; negative west of Greenwich. */
  offsetAt(at: number): number;
  /** Starts of windows before one clock; see `windowStart`. */
  readonly memo: { clock: number; readonly starts: Map<number, number> };
}

export const utc: Zone = { name: 'UTC', offsetAt: () => 0, memo: emptyMemo() };

function emptyMemo(): Zone['memo'] {
  return { clock: NaN, starts: new Map() };
}

/** The zone that a recipient's trait `timezone` names; UTC where it is unknown or names none. */
export function zoneOf(traits: Traits): Zone {
  const name = knownTrait(traits, 'timezone');
  if (typeof name !== 'string' || name === 'UTC') return utc;
  return zones.get(name) ?? openZone(name);
}

/** Zones have aliases and any capitals, so that the names that come in have no end. */
const mostZones = 1_000;
const zones = new Map<string, Zone>();

function openZone(name: string): Zone {
  // Longer than any name of the IANA list.
  if (name.length > 40) return utc;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return utc;
  }
  const zone = zoneWith(name, (at) => readOffset(format, at));
  if (zones.size >= mostZones) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** The offset of every instant of one year, UTC: `offsets[i]` holds from `starts[i]` on. */
interface Year {
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
}

const mostYears = 100;
/** The last instant that a Date can hold. */
const endOfTime = 8.64e15;

/** Asking the platform takes microseconds, so that each year is asked once. */
function zoneWith(name: string, ask: (at: number) => number): Zone {
  const years = new Map<number, Year>();
  return {
    name,
    memo: emptyMemo(),
    offsetAt(at) {
      if (!(Math.abs(at) < endOfTime - 366 * dayMs)) return 0;
      const year = new Date(at).getUTCFullYear();
      let known = years.get(year);
      if (known === undefined) {
        if (years.size >= mostYears) years.clear();
        known = lookUp(year, ask);
        years.set(year, known);
      }
      let i = known.starts.length - 1;
      while (i > 0 && (known.starts[i] ?? 0) > at) i -= 1;
      return known.offsets[i] ?? 0;
    },
  };
}

const dayMs = 86_400_000;

function lookUp(year: number, ask: (at: number) => number): Year {
  const first = new Date(0).setUTCFullYear(year, 0, 1);
  const end = new Date(0).setUTCFullYear(year + 1, 0, 1);
  const starts = [first];
  const offsets = [ask(first)];
  for (let day = first; day < end; day += dayMs) {
    const next = Math.min(day + dayMs, end - 1);
    if (ask(next) === offsets.at(-1)) continue;
    starts.push(firstWithAnotherOffset(day, next, ask));
    offsets.push(ask(next));
  }
  return { starts, offsets };
}

function firstWithAnotherOffset(from: number, to: number, ask: (at: number) => number): number {
  let [low, high] = [from, to];
  const before = ask(from);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ask(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** `GMT`, `GMT+02:00`, `GMT-00:44:30`. */
function readOffset(format: Intl.DateTimeFormat, at: number): number {
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const match = /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(name);
  if (!match) return 0;
  const [, sign, hours, minutes, seconds = '0'] = match;
  const size = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000;
  return sign === '-' ? -size : size;
}

/**
 * The instant at which local clocks show `wall` (milliseconds as if it were UTC). A time that is skipped in spring is read
 * with the offset before the change (02:30 is 03:30); of a time that comes twice in autumn the first is meant.
 */
export function instantOf(zone: Zone, wall: number): number {
  const before = zone.offsetAt(wall - dayMs);
  const after = zone.offsetAt(wall + dayMs);
  if (before !== after && zone.offsetAt(wall - before) !== before && zone.offsetAt(wall - after) === after) {
    return wall - after;
  }
  return wall - before;
}
