import { findFeature } from '../features/feature.js';
import type { Profile } from '../history.js';
import { knownTrait } from '../known-trait.js';
import { Segments, compileCondition } from './compile-condition.js';
import {
  type Condition,
  type EventLeaf,
  type FeatureLeaf,
  type Leaf,
  type TraitLeaf,
  isDateTest,
  leavesBehind,
} from './condition.js';
import { compileSearch } from './count-events.js';
import { dateOf } from './date-test.js';
import { Subject } from './subject.js';
import { type Window, parseWindow } from './window.js';
import { windowCrossings } from './window-crossings.js';

/** The next time after one at which a leaf may look different; undefined: never again. */
type Next = (after: number) => number | undefined;

/** A verdict that has stayed the same so often is looked at again rather than followed further. */
const mostSteps = 2_000;

/**
 * The earliest time after `clock` at which the verdict could be another one although nothing new happens, because windows move
 * on; undefined: never. Up to it the verdict stays. Exact but for very long histories, where it may be too early.
 *
 * @throws Error where a segment or feature is missing, or a segment leads back to itself.
 */
export function nextChange(
  condition: Condition,
  segments: ReadonlyMap<string, Condition>,
  profile: Profile,
  clock: number,
): number | undefined {
  const check = compileCondition(condition, new Segments(segments));
  const verdict = check(new Subject(profile, clock));
  const subject = new Subject(profile, clock);
  const all = leavesBehind(condition, segments).flatMap((leaf) => nextOf(leaf, subject));
  let time = clock;
  for (let step = 0; step < mostSteps; step += 1) {
    const next = Math.min(...all.map((one) => one(time) ?? Infinity));
    if (next === Infinity) return undefined;
    time = next;
    if (check(new Subject(profile, time)) !== verdict) return time;
  }
  return time;
}

function nextOf(leaf: Leaf, subject: Subject): Next[] {
  if ('event' in leaf) return nextOfEvents(leaf, subject);
  if ('trait' in leaf) return isDateTest(leaf) ? nextOfDate(leaf, subject) : [];
  return 'feature' in leaf ? nextOfFeature(leaf, subject) : [];
}

/** Asked with times that never go back. */
function following(times: Iterator<number, undefined>): Next {
  let next = times.next();
  return (after) => {
    while (next.done !== true && next.value <= after) next = times.next();
    return next.value;
  };
}

/** A history given whole may hold what is yet to come. */
function arrivals(times: readonly number[], clock: number): Next {
  return following(times.filter((at) => at >= clock).map((at) => at + 1).values() as Iterator<number, undefined>); // prettier-ignore
}

function nextOfEvents(leaf: EventLeaf, subject: Subject): Next[] {
  const { clock, zone } = subject;
  const { track, to } = compileSearch(leaf)(subject);
  const crossings = (times: readonly number[], window: Window) =>
    following(windowCrossings(zone, times, window, clock));
  const window = leaf.within === undefined ? undefined : parseWindow(leaf.within);
  const next = [arrivals(track.times.slice(to), clock)];
  if (window) next.push(crossings(track.times, window));
  if (leaf.measure !== 'days_since_first' && leaf.measure !== 'days_since_last') return next;
  const pivots = leaf.measure === 'days_since_last' ? track.times.slice(Math.max(0, to - 1)) : track.times;
  return [...next, ...[leaf.value].flat().map((count) => crossings(pivots, { count, unit: 'd' }))];
}

function nextOfDate(leaf: TraitLeaf, { profile, zone, clock }: Subject): Next[] {
  const date = dateOf(zone, knownTrait(profile.traits, leaf.trait));
  const window = leaf.op === 'within_last' ? parseWindow(leaf.value) : undefined;
  if (date === undefined || window === undefined) return [];
  return [arrivals([date], clock), following(windowCrossings(zone, [date], window, clock))];
}

function nextOfFeature(leaf: FeatureLeaf, { profile, clock }: Subject): Next[] {
  const feature = findFeature(leaf.feature);
  if (!feature) return [];
  const { history, traits } = profile;
  const next: Next = (after) => {
    const time = feature.changesAt(history.filter(({ at }) => at < after), after, traits); // prettier-ignore
    return time === undefined ? undefined : Math.max(time, after + 1);
  };
  return [next, arrivals(history.map(({ at }) => at), clock)]; // prettier-ignore
}
