import type { Condition, Scalar } from '../../profiles/conditions/condition.js';
import { type ConditionTrace, traceCondition } from '../../profiles/conditions/trace-condition.js';
import type { Profile } from '../../profiles/history.js';
import { knownTrait } from '../../profiles/known-trait.js';
import { type Match, type Node, type Switch, isInRange, isRange, valuesOf } from './node.js';

/** One question on the way to a leaf, and the way that was taken. */
export type TreeStep =
  | { readonly if: ConditionTrace; readonly taken: 'then' | 'else' }
  | {
      readonly by: string;
      readonly actual: Scalar | null;
      readonly taken: { readonly when: Match } | 'else';
    };

export interface TreeTrace {
  /** Id of the leaf that the profile came to. */
  readonly winner: string;
  readonly steps: readonly TreeStep[];
}

/** The way of one profile to its leaf, question by question. @throws Error where a segment is missing. */
export function traceTree(
  root: Node,
  segments: ReadonlyMap<string, Condition>,
  profile: Profile,
  clock: number,
): TreeTrace {
  const steps: TreeStep[] = [];
  let node = root;
  while (!('leaf' in node)) {
    if ('if' in node) {
      const trace = traceCondition(node.if, segments, profile, clock);
      steps.push({ if: trace, taken: trace.verdict ? 'then' : 'else' });
      node = trace.verdict ? node.then : node.else;
    } else {
      const actual = knownTrait(profile.traits, node.by);
      const taken = caseFor(node, actual);
      steps.push({ by: node.by, actual: actual ?? null, taken: taken ? { when: taken.when } : 'else' });
      node = taken?.then ?? node.else;
    }
  }
  return { winner: node.leaf, steps };
}

function caseFor({ cases }: Switch, actual: Scalar | undefined): Switch['cases'][number] | undefined {
  if (actual === undefined) return undefined;
  return (
    cases.find(({ when }) => valuesOf(when).includes(actual)) ??
    cases.find(({ when }) => typeof actual === 'number' && isRange(when) && isInRange(actual, when))
  );
}
