import type { NumberTest, Scalar, ValueTest } from './condition.js';
import { matchesWildcard } from './wildcard.js';

/**
 * A test made ready. An unknown value satisfies `missing` and nothing else, not even `ne` or `not_in`. Nothing is
 * converted: "3" is not 3, and texts have no order.
 */
export function compileTest(test: ValueTest): (actual: Scalar | undefined) => boolean {
  switch (test.op) {
    case 'exists':
      return (actual) => actual !== undefined;
    case 'missing':
      return (actual) => actual === undefined;
    case 'eq':
      return (actual) => actual === test.value;
    case 'ne':
      return (actual) => actual !== undefined && actual !== test.value;
    case 'in':
    case 'not_in':
      return compileList(test.value, test.op === 'in');
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return compileTextTest(test.op, test.value);
    default: {
      const passes = compileNumberTest(test);
      return (actual) => typeof actual === 'number' && passes(actual);
    }
  }
}

function compileList(list: readonly Scalar[], inside: boolean): (actual: Scalar | undefined) => boolean {
  if (list.length <= 8) return (actual) => actual !== undefined && list.includes(actual) === inside;
  const known = new Set(list);
  return (actual) => actual !== undefined && known.has(actual) === inside;
}

function compileTextTest(
  op: 'contains' | 'starts_with' | 'ends_with' | 'matches',
  part: string,
): (actual: Scalar | undefined) => boolean {
  if (op === 'contains') return (actual) => typeof actual === 'string' && actual.includes(part);
  if (op === 'starts_with') return (actual) => typeof actual === 'string' && actual.startsWith(part);
  if (op === 'ends_with') return (actual) => typeof actual === 'string' && actual.endsWith(part);
  return (actual) => typeof actual === 'string' && matchesWildcard(actual, part);
}

/** A comparison with numbers made ready; NaN satisfies none but `ne`. */
export function compileNumberTest(test: NumberTest): (actual: number) => boolean {
  if (test.op === 'between') {
    const [low, high] = test.value;
    return (actual) => actual >= low && actual <= high;
  }
  const bound = test.value;
  switch (test.op) {
    case 'eq':
      return (actual) => actual === bound;
    case 'ne':
      return (actual) => actual !== bound;
    case 'gt':
      return (actual) => actual > bound;
    case 'gte':
      return (actual) => actual >= bound;
    case 'lt':
      return (actual) => actual < bound;
    case 'lte':
      return (actual) => actual <= bound;
  }
}
