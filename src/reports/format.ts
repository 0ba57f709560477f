import { formatAmount } from '../experiments/money.js';
import type { Interval } from '../statistics/result.js';

/** Of an exact total more are noise to a reader; the whole of it stands in the JSON. */
const mostShownDecimals = 6;

/**
 * How numbers are written. Estimates are rounded by their own uncertainty: to two significant digits of half the
 * interval, so that no digit is shown that the data do not carry.
 */
export interface NumberStyle {
  readonly kind: 'percent' | 'points' | 'money' | 'number' | 'minutes';
  /** ISO 4217 code; money without one is written as a plain amount. */
  readonly currency?: string;
  /** Write a plus sign before positive numbers, as for differences. */
  readonly signed: boolean;
  /** Never fewer decimals than this. */
  readonly minDecimals: number;
}

export interface EstimateText {
  readonly text: string;
  readonly intervalText: string;
}

/** A value and its interval, rounded alike. */
export function estimateText(value: number, interval: Interval, style: NumberStyle): EstimateText {
  const decimals = decimalsFor(value, interval, style);
  const write = (x: number): string => numberText(x, decimals, style);
  const { lower, upper } = interval;
  const suffix = style.kind === 'points' ? ' pp' : '';
  const low = Number.isFinite(lower) ? write(lower) : 'no lower bound';
  const high = Number.isFinite(upper) ? write(upper) : 'no upper bound';
  return { text: write(value) + suffix, intervalText: `${low} to ${high}${suffix}` };
}

/** The nearer or farther end of an interval by itself, rounded as the interval would be. */
export function boundText(value: number, bound: number, style: NumberStyle): string {
  const decimals = decimalsFor(value, { lower: bound, upper: Infinity, level: 0 }, style);
  return numberText(bound, decimals, style) + (style.kind === 'points' ? ' pp' : '');
}

function decimalsFor(value: number, interval: Interval, style: NumberStyle): number {
  if (style.kind === 'minutes') return minuteDecimals(value, interval);
  const scale = style.kind === 'percent' || style.kind === 'points' ? 100 : 1;
  const sides = [value - interval.lower, interval.upper - value].filter((side) => Number.isFinite(side));
  const half = Math.max(0, ...sides) * scale;
  const reference = half > 0 ? half : Math.abs(value) * scale;
  const wanted = reference > 0 ? 1 - Math.floor(Math.log10(reference)) : 0;
  const decimals = Math.min(12, Math.max(style.minDecimals, wanted, 0));
  return style.signed ? keepSides([interval.lower, interval.upper], scale, decimals) : decimals;
}

const minutesPerHour = 60;
const hoursPerDay = 24;
/** Decimals that stand for whole hours. */
const wholeHours = -1;

/** Whole hours where the interval is wide, else whole minutes, else parts of one; never so few that a number becomes 0. */
function minuteDecimals(value: number, { lower, upper }: Interval): number {
  const ends = [value, lower, upper].filter((end) => Number.isFinite(end));
  const half = Math.max(0, ...ends.map((end) => Math.abs(end - value)));
  const smallest = Math.min(...ends.filter((end) => end !== 0).map(Math.abs));
  if (half >= 3 * minutesPerHour && smallest >= minutesPerHour) return wholeHours;
  const reference = Math.min(half > 0 ? half : Infinity, smallest);
  if (!(reference < 1)) return 0;
  return Math.min(6, 1 - Math.floor(Math.log10(reference)));
}

/** `2 d 3 h`, `4 h 12 min`, `0.25 min`. */
function minutesText(value: number, decimals: number, signed: boolean): string {
  const size = Math.abs(value);
  const rounded =
    decimals === wholeHours
      ? Math.round(size / minutesPerHour) * minutesPerHour
      : Number(size.toFixed(decimals));
  const hours = Math.floor(rounded / minutesPerHour);
  const [d, h, min] = [
    Math.floor(hours / hoursPerDay),
    hours % hoursPerDay,
    rounded - hours * minutesPerHour,
  ];
  const parts = [
    ...(d > 0 ? [`${countText(d)} d`] : []),
    ...(h > 0 ? [`${h} h`] : []),
    ...(Number(min.toFixed(Math.max(0, decimals))) > 0 ? [`${min.toFixed(Math.max(0, decimals))} min`] : []),
  ];
  if (parts.length === 0) return decimals === wholeHours ? '0 h' : '0 min';
  const sign = value < 0 ? '-' : signed ? '+' : '';
  return sign + parts.join(' ');
}

/** More decimals where a bound close to zero would be rounded onto it: one must see which side it lies on. */
function keepSides(bounds: readonly number[], scale: number, decimals: number): number {
  const most = decimals + 3;
  const hidden = (digits: number): boolean =>
    bounds.some(
      (bound) => bound !== 0 && Number.isFinite(bound) && Number((bound * scale).toFixed(digits)) === 0,
    );
  let digits = decimals;
  while (digits < most && hidden(digits)) digits++;
  return hidden(digits) ? decimals : digits;
}

/** One number with a fixed number of decimals, thousands separated, minus as a hyphen. */
export function numberText(value: number, decimals: number, style: NumberStyle): string {
  if (style.kind === 'minutes') return minutesText(value, decimals, style.signed);
  const scaled = style.kind === 'percent' || style.kind === 'points' ? value * 100 : value;
  const currency = style.kind === 'money' ? style.currency : undefined;
  const text = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: style.signed ? 'exceptZero' : 'negative',
    ...(currency === undefined ? {} : { style: 'currency', currency }),
  }).format(scaled);
  return style.kind === 'percent' ? `${text}%` : text;
}

/** A count, thousands separated. */
export function countText(count: number): string {
  return new Intl.NumberFormat('en-US').format(count);
}

/** `1 arm`, `3 arms`. */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** An exact decimal text, thousands separated. */
export function groupedDecimal(decimal: string): string {
  const [whole = '', fraction] = rounded(decimal, mostShownDecimals).split('.');
  const separated = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}

/** Rounds a written decimal, half away from zero, and leaves shorter ones as they are. */
function rounded(decimal: string, most: number): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  if (fraction.length <= most) return decimal;
  const digits = BigInt(whole.replace('-', '') + fraction);
  const unit = 10n ** BigInt(fraction.length - most);
  const kept = (digits + unit / 2n) / unit;
  const [shown, sign] = [
    formatAmount(kept, most).replace(/\.?0+$/, ''),
    whole.startsWith('-') && kept > 0n ? '-' : '',
  ];
  return sign + shown;
}

/** A share as a percentage with as many decimals as it needs to differ from 0% and 100%. */
export function shareText(share: number): string {
  const edge = Math.min(share, 1 - share);
  const decimals = edge > 0 && edge < 0.01 ? Math.min(6, 1 - Math.floor(Math.log10(edge * 100) + 1e-9)) : 1;
  return numberText(share, decimals, { kind: 'percent', signed: false, minDecimals: 0 });
}

/** `p = 0.031`; near 0.05 with more digits, so that rounding never changes its side. */
export function pText(p: number): string {
  if (p < 0.0001) return 'p < 0.0001';
  if (p === 1) return 'p = 1';
  if (p > 0.9999) return 'p > 0.9999';
  if (Math.abs(p - 0.05) < 0.001) return `p = ${roundedAwayFrom(p, 0.05)}`;
  if (p >= 0.995) return `p = ${p.toFixed(4)}`;
  return `p = ${p >= 0.1 ? p.toFixed(2) : p.toPrecision(2)}`;
}

function roundedAwayFrom(p: number, edge: number): string {
  for (let digits = 4; digits < 12; digits++) {
    const text = p.toFixed(digits);
    if (Number(text) !== edge || p === edge) return text;
  }
  return p < edge ? '0.04999' : '0.05001';
}

/** A test statistic with its degrees of freedom. */
export function statisticText(statistic: number, df: readonly number[]): string {
  const shown = Math.abs(statistic) >= 100 ? statistic.toFixed(1) : statistic.toFixed(2);
  if (df.length === 0) return shown;
  return `${shown}, df ${df.map((d) => (Number.isInteger(d) ? String(d) : d.toFixed(1))).join(' and ')}`;
}

/** A name from outside; in quotes where white space in it would not be seen. */
export function visibleName(name: string): string {
  if (name !== '' && !/^\s|\s$|\s\s|[^\S ]/.test(name)) return name;
  return quotedName(name);
}

/** In quotes, every white space but the plain one written as its code. */
export function quotedName(name: string): string {
  const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(name).replace(/[^\S ]/g, escaped);
}

/** `A`, `A and B`, `A, B and C`. */
export function listText(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** A confidence level: `95%`, `99.9%`. */
export function levelText(level: number): string {
  return `${Number((level * 100).toPrecision(10))}%`;
}

/** In a column headed p, `p = ` is said already. */
export function bare(text: string): string {
  return text.replace(/^p (= )?/, '');
}
