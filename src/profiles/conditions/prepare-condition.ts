import { findFeature } from '../features/feature.js';
import type { HistoryNeeds, Profile } from '../history.js';
import { joinNeeds } from '../join-needs.js';
import { Segments, compileCondition } from './compile-condition.js';
import { type Condition, type EventLeaf, type Leaf, leavesBehind } from './condition.js';
import { Subject } from './subject.js';
import { mostMs, parseWindow } from './window.js';

/**
 * A condition made ready for many recipients. Nothing at or after `clock` (milliseconds since 1970) is seen.
 *
 * @throws Error where a segment or feature is missing, or a segment leads back to itself.
 */
export function prepareCondition(
  condition: Condition,
  segments: ReadonlyMap<string, Condition>,
): (profile: Profile, clock: number) => boolean {
  const check = compileCondition(condition, new Segments(segments));
  return (profile, clock) => check(new Subject(profile, clock));
}

/** What of a history conditions look at, those of the segments they name included. A missing segment needs nothing. */
export function needsOfCondition(
  condition: Condition,
  segments: ReadonlyMap<string, Condition>,
): HistoryNeeds {
  return joinNeeds(leavesBehind(condition, segments).flatMap(needsOfLeaf));
}

/** The traits that conditions look at, those of the segments they name included; each once, in order. */
export function traitsOfConditions(
  conditions: readonly Condition[],
  segments: ReadonlyMap<string, Condition>,
): string[] {
  const leaves = conditions.flatMap((condition) => leavesBehind(condition, segments));
  return [...new Set(leaves.flatMap((leaf) => ('trait' in leaf ? [leaf.trait] : [])))].sort();
}

/** The features that conditions look at, those of the segments they name included; each once, in order. */
export function featuresOfConditions(
  conditions: readonly Condition[],
  segments: ReadonlyMap<string, Condition>,
): string[] {
  const leaves = conditions.flatMap((condition) => leavesBehind(condition, segments));
  return [...new Set(leaves.flatMap((leaf) => ('feature' in leaf ? [leaf.feature] : [])))].sort();
}

/** What conditions ask about events, those of the segments they name included; each once. */
export function eventsOfConditions(
  conditions: readonly Condition[],
  segments: ReadonlyMap<string, Condition>,
): EventLeaf[] {
  const leaves = conditions.flatMap((condition) => leavesBehind(condition, segments));
  const asked = leaves.flatMap((leaf) => ('event' in leaf ? [leaf] : []));
  return [...new Map(asked.map((leaf) => [JSON.stringify(leaf), leaf])).values()];
}

function needsOfLeaf(leaf: Leaf): HistoryNeeds[] {
  if ('feature' in leaf) {
    const feature = findFeature(leaf.feature);
    return feature ? [feature.needs] : [];
  }
  if (!('event' in leaf)) return [];
  const window = leaf.within === undefined ? undefined : parseWindow(leaf.within);
  return [{ types: [leaf.event], ...(window && { lookbackMs: mostMs(window) }) }];
}
