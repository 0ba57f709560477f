import type { EventLeaf } from '../../profiles/conditions/condition.js';
import { parseWindow } from '../../profiles/conditions/window.js';
import { canonicalJson } from '../content-hash.js';
import type { Axes, Axis } from './axes.js';

/** Two axes whose values depend on each other, because one counts some of the events of the other. */
export interface Link {
  /** Positions of the axes. */
  readonly narrow: number;
  readonly wide: number;
  /** Whether no history has one of these values on the one axis and one of those on the other. 1: the value may be taken. */
  readonly excludes: (narrow: Uint8Array, wide: Uint8Array) => boolean;
}

/**
 * What is certain of two measures of the same events: a count over a longer window, or with fewer filters, is never smaller;
 * whoever has one event in a window had the last one no longer ago than its start.
 */
export function linksOf(axes: Axes): Link[] {
  const events = axes.flatMap((axis, position): EventAxis[] => {
    const { leaf } = axis;
    return 'event' in leaf
      ? [{ axis, leaf, position, filters: new Set((leaf.where ?? []).map(canonicalJson)) }]
      : [];
  });
  const links: Link[] = [];
  let pairs = 0;
  for (const narrow of events) {
    if (narrow.leaf.measure !== 'count') continue;
    for (const wide of events) {
      pairs += 1;
      if (pairs > mostPairs || links.length >= mostLinks) return links;
      if (narrow === wide || !isPartOf(narrow, wide)) continue;
      const excludes = exclusion(narrow.axis, narrow.leaf, wide.axis, wide.leaf);
      if (excludes) links.push({ narrow: narrow.position, wide: wide.position, excludes });
    }
  }
  return links;
}

/** Without a link less is proved, and nothing that is wrong: each is looked at with every step of a search. */
const mostPairs = 1_000_000;
const mostLinks = 1_000;

interface EventAxis {
  readonly axis: Axis;
  readonly leaf: EventLeaf;
  readonly position: number;
  /** Each as canonical JSON. */
  readonly filters: ReadonlySet<string>;
}

/** Whether every event that the one looks at is one that the other looks at as well, windows aside. */
function isPartOf({ leaf: narrow, filters }: EventAxis, { leaf: wide, filters: others }: EventAxis): boolean {
  if (narrow.event !== wide.event) return false;
  if (wide.classes && !(narrow.classes ?? ['']).every((one) => wide.classes?.some((other) => other === one)))
    return false;
  if (others.size > filters.size) return false;
  for (const filter of others) if (!filters.has(filter)) return false;
  return true;
}

function exclusion(
  narrow: Axis,
  { measure, within }: EventLeaf,
  wide: Axis,
  other: EventLeaf,
): Link['excludes'] | undefined {
  if (measure !== 'count') return undefined;
  if (other.measure === 'count' && fits(within, other.within)) {
    return (few, many) => least(narrow, few) > most(wide, many);
  }
  if (other.measure === 'days_since_last' && within !== undefined && fits(within, other.within)) {
    const days = longestDays(within);
    return (some, since) => least(narrow, some) >= 1 && isLaterThan(wide, since, days);
  }
  return undefined;
}

/** Whether the first window lies inside the second for every clock and time zone. Absent: ever. */
function fits(inner: string | undefined, outer: string | undefined): boolean {
  if (outer === undefined || inner === outer) return true;
  const [one, other] = [inner === undefined ? undefined : parseWindow(inner), parseWindow(outer)];
  if (!one || !other) return false;
  if (one.unit === other.unit) return one.count <= other.count;
  return longestDays(inner ?? '') <= shortestDays(outer);
}

// A day on which clocks are put back has 25 hours.
const slackDays = 0.1;

function longestDays(within: string): number {
  const window = parseWindow(within);
  if (!window) return Infinity;
  if (window.unit === 'd') return window.count;
  return window.unit === 'h' ? window.count / 24 + slackDays : window.count * 31 + slackDays;
}

function shortestDays(within: string): number {
  const window = parseWindow(within);
  if (!window) return 0;
  if (window.unit === 'h') return window.count / 24;
  return (window.unit === 'd' ? window.count : window.count * 28) - slackDays;
}

function least({ values }: Axis, mask: Uint8Array): number {
  return values.reduce<number>(
    (min, value, i) => (mask[i] === 1 && typeof value === 'number' ? Math.min(min, value) : min),
    Infinity,
  );
}

/** The highest value stands for everything above it as well. */
function most({ values, bounds }: Axis, mask: Uint8Array): number {
  const highest = values.reduce<number>(
    (max, value, i) => (mask[i] === 1 && typeof value === 'number' ? Math.max(max, value) : max),
    -Infinity,
  );
  return highest > (bounds.at(-1) ?? -Infinity) ? Infinity : highest;
}

/** Whether all the values are unknown or more days than that. A value between two bounds stands for all between them. */
function isLaterThan(axis: Axis, mask: Uint8Array, days: number): boolean {
  const min = least(axis, mask);
  if (axis.bounds.includes(min)) return min > days;
  const bound = axis.bounds.findLast((one) => one < min) ?? 0;
  return min === Infinity || bound >= days;
}
