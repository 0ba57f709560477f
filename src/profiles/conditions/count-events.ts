import { currencyExponent, formatAmount, parseAmount } from '../../experiments/money.js';
import type { Behaviour } from '../history.js';
import type { EventLeaf, EventQuestion, NumberTest, Scalar } from './condition.js';
import { type Track, firstFrom, trackOf } from './history-index.js';
import { compileFilters, readerOf } from './property-filter.js';
import type { Subject } from './subject.js';
import { compileNumberTest } from './value-test.js';
import { daysBefore, parseWindow, windowStart } from './window.js';
import type { Zone } from './zone.js';

/** The events that an event leaf looks at: of a track, those from `from` up to, but without, `to`. */
export interface Found {
  readonly track: Track;
  readonly from: number;
  readonly to: number;
}

/** The events that pass a leaf's filters and lie in its window at the clock. */
export function compileSearch(leaf: EventQuestion): (subject: Subject) => Found {
  const { event, where, classes, within } = leaf;
  const passes = compileEventFilter(leaf);
  const name = JSON.stringify([event, where ?? [], classes ?? []]);
  const window = within === undefined ? undefined : parseWindow(within);
  return (subject) => {
    const { clock } = subject;
    const track = trackOf(subject.index, event, name, passes);
    if (track.times.length === 0) return { track, from: 0, to: 0 };
    const from = window === undefined ? 0 : firstFrom(track.times, windowStart(subject.zone, clock, window));
    return { track, from, to: firstFrom(track.times, clock) };
  };
}

function compileEventFilter({ where, classes }: EventQuestion): ((event: Behaviour) => boolean) | undefined {
  const filters = compileFilters(where);
  if (classes === undefined) return filters;
  const accepted = new Set<string>(classes);
  const hasClass = (event: Behaviour) => accepted.has(event.class ?? 'unknown');
  return filters ? (event) => hasClass(event) && filters(event) : hasClass;
}

/** The verdict of an event leaf. */
export function compileEventLeaf(leaf: EventLeaf): (subject: Subject) => boolean {
  const search = compileSearch(leaf);
  const judge = compileJudgement(leaf);
  return (subject) => judge(search(subject), subject);
}

/** The verdict on events that were found. Counts, sums and `distinct` do not look at the clock. */
export function compileJudgement(leaf: EventLeaf): (found: Found, subject: Subject) => boolean {
  switch (leaf.measure) {
    case 'count': {
      const passes = compileNumberTest(leaf);
      return ({ from, to }) => passes(Math.max(0, to - from));
    }
    case 'distinct': {
      const passes = compileNumberTest(leaf);
      const read = readerOf(leaf.property ?? '');
      return (found) => passes(distinctValues(found, read));
    }
    case 'sum':
      return compileSum(leaf);
    case 'days_since_first':
      return ({ track, from, to }, subject) =>
        from < to && isDaysSince(leaf, track.times[from] ?? 0, subject);
    case 'days_since_last':
      return ({ track, from, to }, subject) =>
        from < to && isDaysSince(leaf, track.times[to - 1] ?? 0, subject);
  }
}

function compileSum(leaf: EventLeaf): (found: Found) => boolean {
  const read = addendOf(leaf);
  const bounds = typeof leaf.value === 'number' ? [leaf.value] : leaf.value;
  const [low = 0, high = 0] = isMoney(leaf)
    ? bounds.map((bound) => minorUnits(bound, leaf.currency ?? ''))
    : bounds;
  const test = (leaf.op === 'between' ? { op: leaf.op, value: [low, high] } : { op: leaf.op, value: low }) as NumberTest; // prettier-ignore
  const passes = compileNumberTest(test);
  return (found) => passes(sumOf(found, read));
}

function isMoney({ measure, property }: EventQuestion): boolean {
  return measure === 'sum' && property === 'value';
}

/** What one event adds to a sum: minor units of the leaf's currency, or the number that the property holds. */
export function addendOf(leaf: EventQuestion): (event: Behaviour) => number | undefined {
  if (isMoney(leaf)) {
    return ({ value, currency }) => (currency === leaf.currency ? value : undefined);
  }
  const read = readerOf(leaf.property ?? '');
  return (event) => {
    const value = read(event);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
}

/** A bound in minor units. @throws Error where the currency has no such small unit. */
export function minorUnits(bound: number, currency: string): number {
  const units = parseAmount(String(bound), currencyExponent(currency));
  if (units === undefined) throw new Error(`${bound} is no amount of ${currency}`);
  return Number(units);
}

/**
 * In the order of the events, so that the same events give the same double. Whole numbers, as minor units are, are added
 * exactly however large the sum gets on the way.
 */
function sumOf(found: Found, read: (event: Behaviour) => number | undefined): number {
  const { track, from, to } = found;
  let sum = 0;
  let largest = 0;
  for (let i = from; i < to; i += 1) {
    const event = track.events[i];
    sum += (event && read(event)) ?? 0;
    if (sum > largest || sum < -largest) largest = Math.abs(sum);
  }
  return largest > Number.MAX_SAFE_INTEGER ? sumOfLarge(found, read, sum) : sum;
}

/** Comes out of the whole numbers exactly, or at the double nearest to it. */
function sumOfLarge(
  { track, from, to }: Found,
  read: (event: Behaviour) => number | undefined,
  rounded: number,
): number {
  const addends = track.events.slice(from, to).map((event) => read(event) ?? 0);
  if (!addends.every(Number.isInteger)) return rounded;
  return Number(addends.reduce((sum, addend) => sum + BigInt(addend), 0n));
}

function distinctValues({ track, from, to }: Found, read: (event: Behaviour) => Scalar | undefined): number {
  const values = new Set<Scalar>();
  for (let i = from; i < to; i += 1) {
    const event = track.events[i];
    const value = event && read(event);
    if (value !== undefined) values.add(value);
  }
  return values.size;
}

/** Whole days against the calendar, without ever working out how many there are. */
function isDaysSince(test: NumberTest, at: number, { zone, clock }: Subject): boolean {
  if (test.op === 'between') {
    const [fewest, most] = test.value;
    return at <= daysBefore(zone, clock, fewest) && at >= daysBefore(zone, clock, most);
  }
  const bound = daysBefore(zone, clock, test.value);
  switch (test.op) {
    case 'gt':
      return at < bound;
    case 'gte':
      return at <= bound;
    case 'lt':
      return at > bound;
    case 'lte':
      return at >= bound;
    case 'eq':
    case 'ne':
      return (at === bound) === (test.op === 'eq');
  }
}

/** What a leaf measured, for people: a number as its bound is written, days with their fraction. Null: no event at all. */
export function measured(leaf: EventLeaf, found: Found, { zone, clock }: Subject): number | null {
  const { track, from, to } = found;
  if (leaf.measure === 'count') return Math.max(0, to - from);
  if (leaf.measure === 'distinct') return distinctValues(found, readerOf(leaf.property ?? ''));
  if (leaf.measure === 'sum') {
    const sum = sumOf(found, addendOf(leaf));
    if (!isMoney(leaf) || !Number.isSafeInteger(sum)) return sum;
    return Number(formatAmount(BigInt(sum), currencyExponent(leaf.currency ?? '')));
  }
  if (from >= to) return null;
  return daysSince(zone, clock, track.times[leaf.measure === 'days_since_first' ? from : to - 1] ?? 0);
}

const dayMs = 86_400_000;

/** Calendar days from an instant to the clock, with a fraction: 60 at the same time of day 60 days later. */
export function daysSince(zone: Zone, clock: number, at: number): number {
  let days = Math.max(0, Math.floor((clock - at) / dayMs) - 1);
  while (daysBefore(zone, clock, days + 1) >= at) days += 1;
  const [later, earlier] = [daysBefore(zone, clock, days), daysBefore(zone, clock, days + 1)];
  return days + (later - at) / Math.max(1, later - earlier);
}
