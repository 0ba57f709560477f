import { type Condition, leavesOf } from '../profiles/conditions/condition.js';
import type { Parts } from './strategy.js';

/** The conditions of the segments among a strategy's parts. They were checked when they were stored. @throws Error where one has none. */
export function segmentConditions(segments: Parts['segments']): ReadonlyMap<string, Condition> {
  return new Map(
    [...segments].map(([reference, definition]) => {
      if (typeof definition !== 'object' || definition === null || !('when' in definition)) {
        throw new Error(`segment ${reference} has no condition`);
      }
      return [reference, definition.when as Condition];
    }),
  );
}

/** The segments that conditions name, each once, in order. */
export function segmentsOf(conditions: readonly Condition[]): string[] {
  const leaves = conditions.flatMap(leavesOf);
  return [...new Set(leaves.flatMap((leaf) => ('segment' in leaf ? [leaf.segment] : [])))].sort();
}
