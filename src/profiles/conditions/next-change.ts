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
import { type Window, parseWindow, windowStart } from './window.js';
import { windowCrossings } from './window-crossings.js';

/** The next time after one at which a leaf may look different; undefined: never again. */
type Next = (after: number) => number | undefined;

/** A verdict that has stayed the same so often is looked at again rather than followed further. */
const mostSteps = 2_000;

/** What has left a window can come back where its start falls back, by a day at most; one more for other zones. */
const fallbackMs = 2 * 86_400_000;

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
  if ('event' in leaf) return [fromList(timesOfEvents(leaf, subject))];
  if ('trait' in leaf) return isDateTest(leaf) ? [fromList(timesOfDate(leaf, subject))] : [];
  return 'feature' in leaf ? nextOfFeature(leaf, subject) : [];
}

/** Asked with times that never go back. */
function fromList(times: number[]): Next {
  times.sort((a, b) => a - b);
  let position = 0;
  return (after) => {
    while (position < times.length && (times[position] ?? 0) <= after) position += 1;
    return times[position];
  };
}

/** A history given whole may hold what is yet to come. */
function arrivals(times: readonly number[], clock: number): number[] {
  return times.filter((at) => at >= clock).map((at) => at + 1);
}

function timesOfEvents(leaf: EventLeaf, subject: Subject): number[] {
  const { clock, zone } = subject;
  const { track, to } = compileSearch(leaf)(subject);
  const window = leaf.within === undefined ? undefined : parseWindow(leaf.within);
  const times = arrivals(track.times.slice(to), clock);
  if (window) {
    const since = windowStart(zone, clock, window) - fallbackMs;
    const inside = track.times.filter((at) => at >= since);
    times.push(...inside.flatMap((at) => windowCrossings(zone, at, window, clock)));
  }
  if (leaf.measure !== 'days_since_first' && leaf.measure !== 'days_since_last') return times;
  const days: Window[] = [leaf.value].flat().map((count) => ({ count, unit: 'd' }));
  const pivots = leaf.measure === 'days_since_last' ? track.times.slice(Math.max(0, to - 1)) : track.times;
  for (const at of pivots) times.push(...days.flatMap((bound) => windowCrossings(zone, at, bound, clock)));
  return times;
}

function timesOfDate(leaf: TraitLeaf, { profile, zone, clock }: Subject): number[] {
  const date = dateOf(zone, knownTrait(profile.traits, leaf.trait));
  const window = leaf.op === 'within_last' ? parseWindow(leaf.value) : undefined;
  if (date === undefined || window === undefined) return [];
  return [...arrivals([date], clock), ...windowCrossings(zone, date, window, clock)];
}

function nextOfFeature(leaf: FeatureLeaf, { profile, clock }: Subject): Next[] {
  const feature = findFeature(leaf.feature);
  if (!feature) return [];
  const { history, traits } = profile;
  const next: Next = (after) => {
    const time = feature.changesAt(history.filter(({ at }) => at < after), after, traits); // prettier-ignore
    return time === undefined ? undefined : Math.max(time, after + 1);
  };
  return [next, fromList(arrivals(history.map(({ at }) => at), clock))]; // prettier-ignore
}
