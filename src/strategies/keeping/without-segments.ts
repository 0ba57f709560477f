import type { Condition, Leaf } from '../../profiles/conditions/condition.js';
import { findFeature } from '../../profiles/features/feature.js';

/** Segments that contain segments that contain segments swell; what is larger is looked at from outside only. */
const mostLeaves = 10_000;

/** A trait that stands for a segment or feature of which nothing is known but its name. */
function stranger(name: string): Condition {
  return { trait: name, op: 'eq', value: true };
}

/** Whether a leaf names a feature that there is not. */
export function isUnknownFeature(leaf: Leaf): boolean {
  return 'feature' in leaf && findFeature(leaf.feature) === undefined;
}

/**
 * A condition with every segment replaced by its own condition, so that nothing outside is needed to look at it. A segment
 * or feature that is not known becomes a trait of its own, which may be true or not.
 */
export function withoutSegments(condition: Condition, segments: ReadonlyMap<string, Condition>): Condition {
  const done = new Map<string, Condition>();
  let leaves = 0;
  const replace = (part: Condition): Condition => {
    if ('all' in part) return { all: part.all.map(replace) };
    if ('any' in part) return { any: part.any.map(replace) };
    if ('not' in part) return { not: replace(part.not) };
    leaves += 1;
    if ('feature' in part && isUnknownFeature(part)) return stranger(`feature ${part.feature}`);
    if (!('segment' in part)) return part;
    const known = done.get(part.segment);
    if (known) return known;
    const unknown = stranger(`in segment ${part.segment}`);
    // Also what a circle comes back to, should there be one.
    done.set(part.segment, unknown);
    const inner = segments.get(part.segment);
    const replaced = inner === undefined || leaves > mostLeaves ? unknown : replace(inner);
    done.set(part.segment, replaced);
    return replaced;
  };
  return replace(condition);
}
