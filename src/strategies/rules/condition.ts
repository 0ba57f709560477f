import { knownTrait } from '../../profiles/known-trait.js';
import type { Traits } from '../../profiles/traits.js';

export type Scalar = string | number | boolean;

/** One look at one trait. */
export type Comparison =
  | { readonly trait: string; readonly op: 'exists' | 'missing' }
  | { readonly trait: string; readonly op: 'eq' | 'ne'; readonly value: Scalar }
  | { readonly trait: string; readonly op: 'in' | 'not_in'; readonly value: readonly Scalar[] }
  | { readonly trait: string; readonly op: 'gt' | 'gte' | 'lt' | 'lte'; readonly value: number }
  | { readonly trait: string; readonly op: 'contains' | 'starts_with'; readonly value: string };

export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Comparison;

/**
 * Whether the traits satisfy a condition. An unknown trait (absent or null) satisfies `missing` and nothing else,
 * not even `ne` or `not_in`; `not` turns its child's verdict round, so `not eq` does hold for an unknown trait.
 * Nothing is converted: "3" is not 3, and texts, dates among them, have no order here.
 */
export function satisfies(condition: Condition, traits: Traits): boolean {
  if ('all' in condition) return condition.all.every((child) => satisfies(child, traits));
  if ('any' in condition) return condition.any.some((child) => satisfies(child, traits));
  if ('not' in condition) return !satisfies(condition.not, traits);
  return compare(condition, knownTrait(traits, condition.trait));
}

/** The verdict of one comparison on the value of its trait; undefined where that is unknown. */
export function compare(comparison: Comparison, actual: Scalar | undefined): boolean {
  if (actual === undefined) return comparison.op === 'missing';
  switch (comparison.op) {
    case 'exists':
      return true;
    case 'missing':
      return false;
    case 'eq':
      return actual === comparison.value;
    case 'ne':
      return actual !== comparison.value;
    case 'in':
      return comparison.value.includes(actual);
    case 'not_in':
      return !comparison.value.includes(actual);
    case 'contains':
      return typeof actual === 'string' && actual.includes(comparison.value);
    case 'starts_with':
      return typeof actual === 'string' && actual.startsWith(comparison.value);
    default:
      return typeof actual === 'number' && inOrder(actual, comparison.op, comparison.value);
  }
}

function inOrder(actual: number, op: 'gt' | 'gte' | 'lt' | 'lte', bound: number): boolean {
  if (op === 'gt') return actual > bound;
  if (op === 'gte') return actual >= bound;
  if (op === 'lt') return actual < bound;
  return actual <= bound;
}
