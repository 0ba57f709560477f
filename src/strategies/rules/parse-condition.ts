import { z } from 'zod';

import { text } from '../../experiments/text.js';
import type { Comparison, Condition, Scalar } from './condition.js';

export const maxDepth = 8;
export const maxGroupSize = 100;
const maxListLength = 1_000;

const operand = text(1_000);
const number = z.number('must be a number, without quotes: texts have no order here');
const scalar: z.ZodType<Scalar> = z.union(
  [operand, number, z.boolean()],
  'must be a text of at most 1000 characters, a finite number, true or false',
);
const trait = text(64).min(1, 'must name a trait');
const list = z
  .array(scalar, 'must be a list, as in ["AT", "DE"]')
  .min(1, 'must not be empty')
  .max(maxListLength, `must have at most ${maxListLength} entries`);
const part = operand.min(1, 'must not be empty: every text contains an empty one');

const comparison: z.ZodType<Comparison> = z.discriminatedUnion(
  'op',
  [
    z.strictObject({ trait, op: z.enum(['exists', 'missing']) }),
    z.strictObject({ trait, op: z.enum(['eq', 'ne']), value: scalar }),
    z.strictObject({ trait, op: z.enum(['in', 'not_in']), value: list }),
    z.strictObject({ trait, op: z.enum(['gt', 'gte', 'lt', 'lte']), value: number }),
    z.strictObject({ trait, op: z.enum(['contains', 'starts_with']), value: part }),
  ],
  'must be one of eq, ne, in, not_in, gt, gte, lt, lte, exists, missing, contains, starts_with',
);

type Report = (path: readonly PropertyKey[], message: string) => void;

/** The schema of a condition. Groups are taken apart by hand: a union's errors would name every form it is not. */
export const conditionSchema = z.unknown().transform((input, context): Condition => {
  return parseCondition(input, [], (path, message) => {
    context.addIssue({ code: 'custom', path: [...path], message });
  });
});

function parseCondition(input: unknown, path: readonly PropertyKey[], report: Report): Condition {
  if (path.filter((key) => typeof key === 'string').length >= maxDepth) {
    report(path, `is nested deeper than ${maxDepth} levels: split the rule in two`);
    return z.NEVER;
  }
  const group = groupOf(input);
  if (group === undefined) return parseComparison(input, path, report);
  const { key, inner, others } = group;
  if (others.length > 0) {
    report(
      path,
      `has "${key}" beside ${others.join(', ')}: a condition is one of all, any, not or a comparison`,
    );
    return z.NEVER;
  }
  if (key === 'not') return { not: parseCondition(inner, [...path, key], report) };
  if (!Array.isArray(inner) || inner.length < 1 || inner.length > maxGroupSize) {
    report([...path, key], `must be a list of 1 to ${maxGroupSize} conditions`);
    return z.NEVER;
  }
  const children = inner.map((child: unknown, i) => parseCondition(child, [...path, key, i], report));
  return key === 'all' ? { all: children } : { any: children };
}

function parseComparison(input: unknown, path: readonly PropertyKey[], report: Report): Condition {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    report(path, 'must be {"all": […]}, {"any": […]}, {"not": …} or {"trait": …, "op": …, "value": …}');
    return z.NEVER;
  }
  const result = comparison.safeParse(input);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
    report(
      [...path, ...issue.path],
      unknown.length > 0 ? `must not have ${unknown.join(', ')}` : issue.message,
    );
  }
  return z.NEVER;
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
