import { findFeature } from '../features/feature.js';
import type { History } from '../history.js';
import { knownTrait } from '../known-trait.js';
import {
  type EventLeaf,
  type FeatureLeaf,
  type NumberTest,
  type SegmentLeaf,
  type TraitLeaf,
  isDateTest,
} from './condition.js';
import { type Found, compileEventLeaf, compileJudgement, compileSearch } from './count-events.js';
import { compileDateTest, dateOf } from './date-test.js';
import { eventsOfTypes } from './history-index.js';
import { Subject } from './subject.js';
import { compileTest } from './value-test.js';
import { type Window, lengthOf, parseWindow } from './window.js';
import { windowCrossings } from './window-crossings.js';

/** What may still be spent on looking ahead, in looks at events: below 0 the next best time is answered. */
export interface Effort {
  left: number;
}

/** A time after the subject's clock up to which, but without it, the verdict stays although nothing new happens. */
export type StaysUntil = (subject: Subject, effort: Effort) => number;

const forEver = (): number => Infinity;
/** A feature works through its whole history twice a step, with dates and money. */
const featureStep = 3_000;

export function compileLeafOutlook(
  leaf: Exclude<TraitLeaf | EventLeaf | FeatureLeaf, SegmentLeaf>,
): StaysUntil {
  if ('event' in leaf) return eventOutlook(leaf);
  if ('feature' in leaf) return featureOutlook(leaf);
  return isDateTest(leaf) && leaf.op === 'within_last' ? dateOutlook(leaf, leaf.value) : forEver;
}

function eventOutlook(leaf: EventLeaf): StaysUntil {
  const search = compileSearch(leaf);
  const window = leaf.within === undefined ? undefined : parseWindow(leaf.within);
  const inDays = leaf.measure === 'days_since_first' || leaf.measure === 'days_since_last';
  const walk = eventWalk(leaf, window);
  const sliding = window && !inDays && slidingOutlook(leaf);
  const bound = leaf.measure === 'count' ? fewestOf(leaf) : undefined;
  return (subject, effort) => {
    const found = search(subject);
    const { track, from, to } = found;
    if (track.times.length === 0) return Infinity;
    // A history given whole may hold what is yet to come.
    if (to < track.times.length) return walk(found, subject, effort);
    if (window === undefined && !inDays) return Infinity;
    const length = window && lengthOf(subject.zone, window);
    if (sliding && length !== undefined) return sliding(found, length, subject, effort);
    if (bound === undefined || window === undefined) return walk(found, subject, effort);
    if (bound <= 0 || to < bound) return Infinity;
    // As long as this one is in the window, all that came later are in it too.
    return to - from >= bound ? walk(found, subject, effort, to - bound) : walk(found, subject, effort);
  };
}

/** The count from which on a test has the other verdict; undefined where there is none such. */
function fewestOf(test: NumberTest): number | undefined {
  if (test.op === 'gte' || test.op === 'lt') return Math.ceil(test.value);
  return test.op === 'gt' || test.op === 'lte' ? Math.floor(test.value) + 1 : undefined;
}

/** Windows of one length lose their events in order, and nothing comes back. */
function slidingOutlook(leaf: EventLeaf) {
  const judge = compileJudgement(leaf);
  return ({ track, from, to }: Found, length: number, subject: Subject, effort: Effort): number => {
    const verdict = judge({ track, from, to }, subject);
    for (let i = from; i < to; i += 1) {
      const at = track.times[i] ?? 0;
      if (i + 1 < to && track.times[i + 1] === at) continue;
      effort.left -= leaf.measure === 'count' ? 1 : to - i;
      const changes = judge({ track, from: i + 1, to }, subject) !== verdict;
      if (changes || effort.left < 0) return at + length + 1;
    }
    return Infinity;
  };
}

/** Looks at every clock at which the window reaches an event. @param deciding the only one that matters. */
function eventWalk(leaf: EventLeaf, window: Window | undefined) {
  const check = compileEventLeaf(leaf);
  const days =
    leaf.measure === 'days_since_first' || leaf.measure === 'days_since_last' ? [leaf.value].flat() : [];
  return ({ track, to }: Found, subject: Subject, effort: Effort, deciding?: number): number => {
    const { clock, zone } = subject;
    const { times } = track;
    const watched = deciding === undefined ? times : times.slice(deciding, deciding + 1);
    const pivots = leaf.measure === 'days_since_last' ? times.slice(Math.max(0, to - 1)) : times;
    const crossings = [
      ...(window ? [windowCrossings(zone, watched, window, clock)] : []),
      ...days.map((count) => windowCrossings(zone, pivots, { count, unit: 'd' }, clock)),
    ];
    const cost = 1 + (leaf.measure === 'sum' || leaf.measure === 'distinct' ? to : 0);
    return firstOther(subject, check, [...crossings, arrivals(times.slice(to))], cost, effort);
  };
}

function* arrivals(times: readonly number[]): Generator<number, undefined> {
  for (const at of times) yield at + 1;
}

/** The first of these clocks, each list in order, at which the check says something else. */
function firstOther(
  { profile, clock }: Subject,
  check: (subject: Subject) => boolean,
  lists: readonly Iterator<number, undefined>[],
  cost: number,
  effort: Effort,
): number {
  const verdict = check(new Subject(profile, clock));
  const next = lists.map((list) => list.next());
  for (let time = clock; ;) {
    lists.forEach((list, i) => {
      for (let one = next[i]; one?.done === false && one.value <= time;) next[i] = one = list.next();
    });
    time = Math.min(...next.map((one) => one.value ?? Infinity));
    effort.left -= cost;
    if (time === Infinity || effort.left < 0 || check(new Subject(profile, time)) !== verdict) return time;
  }
}

function dateOutlook(leaf: Extract<TraitLeaf, { value: string }>, within: string): StaysUntil {
  const passes = isDateTest(leaf) ? compileDateTest(leaf) : () => false;
  const window = parseWindow(within);
  return (subject, effort) => {
    const { profile, zone, clock } = subject;
    const known = knownTrait(profile.traits, leaf.trait);
    const date = dateOf(zone, known);
    if (date === undefined || window === undefined) return Infinity;
    const lists = [windowCrossings(zone, [date], window, clock), arrivals(date >= clock ? [date] : [])];
    return firstOther(subject, (one) => passes(known, zone, one.clock), lists, 1, effort);
  };
}

function featureOutlook(leaf: FeatureLeaf): StaysUntil {
  const feature = findFeature(leaf.feature);
  if (!feature) return forEver;
  const passes = compileTest(leaf);
  return ({ profile, index, clock }, effort) => {
    const { traits } = profile;
    const events = eventsOfTypes(index, feature.needs.types);
    const verdict = passes(feature.value(before(events, clock), clock, traits));
    for (let time = clock; ;) {
      const changes = feature.changesAt(before(events, time), time, traits) ?? Infinity;
      const arrival = events.find(({ at }) => at >= time);
      time = Math.max(Math.min(changes, arrival === undefined ? Infinity : arrival.at + 1), time + 1);
      effort.left -= featureStep;
      if (time === Infinity || effort.left < 0) return time;
      if (passes(feature.value(before(events, time), time, traits)) !== verdict) return time;
    }
  };
}

function before(events: History, clock: number): History {
  const last = events.at(-1);
  return last === undefined || last.at < clock ? events : events.filter(({ at }) => at < clock);
}
