import { type OrRefusal, refuse } from './refusal.js';

/** One day: how many, or how many of how many. */
export interface DayCount {
  readonly count: number;
  /** For a rate: what it is a share of. A day without any says nothing. */
  readonly of?: number;
}

export interface JudgedDay {
  /** The count, or the rate. */
  readonly value: number;
  readonly expected: number;
  /** The band around what is expected. */
  readonly low: number;
  readonly high: number;
  readonly verdict: 'within' | 'above' | 'below';
}

/** Two weeks for the level, three more for the week: what comes before the day that is judged. */
export const daysNeeded = 35;
const levelDays = 14;
/** Spreads from the middle to the edge of the band: once in some 15,000 days by chance, were logs of counts normal. */
const edge = 4;
/** Of a normal distribution the standard deviation is so many median absolute deviations. */
const spreadPerMad = 1.4826;
/** No series is quieter than this: a day that differs by less than some 15 % is not worth a word. */
const leastSpread = 0.035;

/**
 * Whether the last of a series of days is out of line, by medians, so that one odd day in the past hides no other. On the scale
 * of logs: the level is the median of the two weeks before each day, the week its median by weekday of what differs from
 * that, and the band four times the spread (by the median absolute deviation, at least that of a Poisson count) of what
 * is left. Growth by some percent a day moves level and day alike.
 *
 * @param days one after the other, without gaps; the last is judged.
 * @returns refused `too_few` with less than 35 days that say something before it, `invalid_input`.
 */
export function judgeLastDay(days: readonly DayCount[]): OrRefusal<JudgedDay> {
  if (!days.every(isCount))
    return refuse(
      'invalid_input',
      'Counts are finite and 0 or above, and 0 where there is nothing to be a share of.',
    );
  const logs = days.map(logOf);
  const last = days.at(-1);
  const known = logs.slice(0, -1).filter((log) => !Number.isNaN(log)).length;
  if (!last || last.of === 0 || known < daysNeeded)
    return refuse(
      'too_few',
      `It takes ${daysNeeded} days before the one that is judged; there are ${known}.`,
    );
  const end = days.length - 1;
  const fromLevel = logs.map((log, i) => log - medianOf(logs.slice(Math.max(0, i - levelDays), i)));
  const past = range(levelDays, end).filter((i) => !Number.isNaN(fromLevel[i] as number));
  const left = past.map((i) => (fromLevel[i] as number) - weekdayOf(fromLevel, past, i)).filter(isNumber);
  const drift = medianOf(left);
  const level = medianOf(logs.slice(Math.max(0, end - levelDays), end));
  const middle = level + weekdayOf(fromLevel, past, end) + drift;
  if (left.length < daysNeeded - levelDays || Number.isNaN(middle))
    return refuse('too_few', 'Too few of the days before it say something.');
  const byMad = spreadPerMad * medianOf(left.map((one) => Math.abs(one - drift)));
  const expected = Math.max(0, valueOf(middle, last));
  const byChance = 1 / Math.sqrt(Math.max(expected * (last.of ?? 1), 1));
  const band = edge * Math.max(byMad, byChance, leastSpread);
  const value = last.count / (last.of ?? 1);
  const [low, high] = [Math.max(0, valueOf(middle - band, last)), valueOf(middle + band, last)];
  const verdict = value > high ? 'above' : value < low ? 'below' : 'within';
  return { value, expected, low, high, verdict };
}

function isCount({ count, of }: DayCount): boolean {
  const whole = of ?? Infinity;
  return Number.isFinite(count) && count >= 0 && whole >= 0 && (whole === 0 ? count === 0 : true);
}

/** With half of one more, so that none has a log as well. */
function logOf({ count, of }: DayCount): number {
  if (of === undefined) return Math.log(count + 0.5);
  return of === 0 ? NaN : Math.log((count + 0.5) / (of + 1));
}

function valueOf(log: number, { of }: DayCount): number {
  return of === undefined ? Math.exp(log) - 0.5 : (Math.exp(log) * (of + 1) - 0.5) / of;
}

/** The median of the same weekday on other days: with itself among them, a day would be measured by itself. */
function weekdayOf(values: readonly number[], days: readonly number[], day: number): number {
  const same = days.filter((other) => other !== day && (other - day) % 7 === 0);
  return medianOf(same.map((other) => values[other] as number));
}

/** Of the numbers among them; not a number where there are none. */
function medianOf(values: readonly number[]): number {
  const sorted = values.filter(isNumber).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return NaN;
  const [below, above] = [sorted[Math.ceil(middle) - 1] as number, sorted[Math.floor(middle)] as number];
  return (below + above) / 2;
}

const isNumber = (value: number): boolean => !Number.isNaN(value);

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
