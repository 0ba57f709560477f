import { z } from 'zod';

import type { Condition } from './condition.js';
import { parseLeaf } from './parse-leaf.js';

export const maxDepth = 8;
export const maxGroupSize = 100;
/** Of one condition, groups within groups counted out. */
export const maxLeaves = 1_000;

type Report = (path: readonly PropertyKey[], message: string) => void;

/**
 * The schema of a condition. Groups are taken apart by hand: a union's errors would name every form it is not. What comes
 * out is canonical: the same meaning, however it was spelled, is the same JSON.
 */
export const conditionSchema = z.unknown().transform((input, context): Condition => {
  const report: Report = (path, message) =>
    context.addIssue({ code: 'custom', path: [...path], message, input: undefined });
  const leaves = { left: maxLeaves };
  const condition = parseCondition(input, [], report, leaves);
  if (leaves.left < 0)
    report([], `has more than ${maxLeaves} comparisons: use a list with "in", or a segment`);
  return condition;
});

function parseCondition(
  input: unknown,
  path: readonly PropertyKey[],
  report: Report,
  leaves: { left: number },
): Condition {
  if (path.filter((key) => typeof key === 'string').length >= maxDepth) {
    report(
      path,
      `is nested deeper than ${maxDepth} levels: split the rule in two, or name a part as a segment`,
    );
    return z.NEVER;
  }
  const group = groupOf(input);
  if (group === undefined) {
    leaves.left -= 1;
    // Once there are too many, only that is worth saying.
    return leaves.left < 0 ? z.NEVER : parseLeaf(input, path, report);
  }
  const { key, inner, others } = group;
  if (others.length > 0) {
    const beside = others.slice(0, 5).map((other) => JSON.stringify(other.slice(0, 64))).join(', '); // prettier-ignore
    report(path, `has "${key}" beside ${beside}: a condition is one of all, any, not or a comparison`);
    return z.NEVER;
  }
  if (key === 'not') return { not: parseCondition(inner, [...path, key], report, leaves) };
  if (!Array.isArray(inner) || inner.length < 1 || inner.length > maxGroupSize) {
    report([...path, key], `must be a list of 1 to ${maxGroupSize} conditions`);
    return z.NEVER;
  }
  const children = Array.from(inner, (child: unknown, i) =>
    parseCondition(child, [...path, key, i], report, leaves),
  );
  return key === 'all' ? { all: children } : { any: children };
}

function groupOf(
  input: unknown,
): { key: 'all' | 'any' | 'not'; inner: unknown; others: string[] } | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  for (const key of ['all', 'any', 'not'] as const) {
    if (!Object.hasOwn(input, key)) continue;
    const others = Object.keys(input).filter((other) => other !== key);
    return { key, inner: (input as Record<string, unknown>)[key], others };
  }
  return undefined;
}
