import { knownTrait } from '../../profiles/known-trait.js';
import type { Traits } from '../../profiles/traits.js';
import { type Comparison, type Condition, type Scalar, compare } from './condition.js';
import type { RulesState } from './rule.js';

/** A condition with the verdict of each part, every part looked at. */
export type ConditionTrace =
  | { readonly verdict: boolean; readonly all: readonly ConditionTrace[] }
  | { readonly verdict: boolean; readonly any: readonly ConditionTrace[] }
  | { readonly verdict: boolean; readonly not: ConditionTrace }
  | ComparisonTrace;

export interface ComparisonTrace {
  readonly verdict: boolean;
  readonly trait: string;
  readonly op: Comparison['op'];
  /** What the rule compares with; absent for `exists` and `missing`. */
  readonly expected?: Scalar | readonly Scalar[];
  /** What is known; null where nothing is. */
  readonly actual: Scalar | null;
}

export interface RuleTrace {
  readonly id: string;
  readonly verdict: boolean;
  readonly when: ConditionTrace;
}

/** Every rule in order of precedence, up to and with the one that won. */
export function trace(state: RulesState, traits: Traits): RuleTrace[] {
  const traces: RuleTrace[] = [];
  for (const rule of state.rules) {
    const when = traceCondition(rule.when, traits);
    traces.push({ id: rule.id, verdict: when.verdict, when });
    if (when.verdict) break;
  }
  return traces;
}

/** One condition explained; its verdict is that of `satisfies`. */
export function traceCondition(condition: Condition, traits: Traits): ConditionTrace {
  if ('all' in condition) {
    const all = condition.all.map((child) => traceCondition(child, traits));
    return { verdict: all.every((child) => child.verdict), all };
  }
  if ('any' in condition) {
    const any = condition.any.map((child) => traceCondition(child, traits));
    return { verdict: any.some((child) => child.verdict), any };
  }
  if ('not' in condition) {
    const not = traceCondition(condition.not, traits);
    return { verdict: !not.verdict, not };
  }
  const actual = knownTrait(traits, condition.trait);
  return {
    verdict: compare(condition, actual),
    trait: condition.trait,
    op: condition.op,
    ...('value' in condition && { expected: condition.value }),
    actual: actual ?? null,
  };
}
