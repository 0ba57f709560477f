import { z } from 'zod';

import { type Parsed, readWith } from '../../experiments/read-with.js';
import { slotsSchema } from '../../experiments/slots.js';
import { text } from '../../experiments/text.js';
import { leavesOf } from '../../profiles/conditions/condition.js';
import { conditionSchema } from '../../profiles/conditions/parse-condition.js';
import { custodyFields } from '../custody.js';
import { type LeafNode, type Node, type TreeState, conditionsOf, leafNodesOf } from './node.js';
import { type TreeProblem, proveTree } from './prove-tree.js';

export const maxTreeDepth = 12;
export const maxTreeLeaves = 500;
export const maxTreeComparisons = 5_000;

const scalar = z.union(
  [text(1_000), z.number(), z.boolean()],
  'must be a text of at most 1000 characters, a finite number, true or false',
);
const range = z
  .strictObject({
    from: z.number('must be a number; leave it out where there is no smallest').optional(),
    below: z.number('must be a number; leave it out where there is no largest').optional(),
  })
  .refine(({ from, below }) => from !== undefined || below !== undefined, 'must have "from", "below" or both')
  .refine(({ from, below }) => (from ?? -Infinity) < (below ?? Infinity), 'must have "from" before "below"');

/** What a case is for. One value in a list is that value. */
export const matchSchema = z
  .union(
    [scalar, z.array(scalar).min(1, 'must not be empty').max(1_000, 'must have at most 1000 entries'), range],
    'must be a value, a list of values, or a range such as {"from": 18, "below": 30}',
  )
  .transform((match) => (Array.isArray(match) && match.length === 1 ? (match[0] ?? match) : match));

export const maxCases = 100;

export const leafNodeSchema = z.strictObject({
  leaf: z
    .string('must be the id of the leaf')
    .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
    .refine((id) => id !== 'default', 'is kept for rules: rename the leaf'),
  slots: slotsSchema,
});
const traitName = text(64)
  .min(1, 'must name a trait')
  .refine((name) => name !== '__proto__', 'is not a name that a trait can have');

/** A node and what it holds, by itself: with nodes only as deep as they are allowed to be. */
function nodeSchema(depth: number): z.ZodType<Node> {
  const inner = depth < maxTreeDepth ? z.lazy(() => nodeSchemas[depth] ?? tooDeep) : tooDeep;
  const forms = {
    if: z.strictObject({ if: conditionSchema, then: inner, else: inner }),
    by: z.strictObject({
      by: traitName,
      cases: z
        .array(z.strictObject({ when: matchSchema, then: inner }), 'must be a list of cases')
        .min(1, 'must not be empty')
        .max(maxCases, `must have at most ${maxCases} cases`),
      else: inner,
    }),
    leaf: leafNodeSchema,
  };
  return z.unknown().transform((input, context): Node => {
    const form = formOf(input);
    if (form === undefined) {
      context.addIssue('must be {"if": …, "then": …, "else": …}, {"by": trait, "cases": […], "else": …} or {"leaf": id, "slots": …}');
      return z.NEVER;
    }
    const result = forms[form].safeParse(input, { reportInput: true });
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.addIssue({ ...issue });
    return z.NEVER;
  }); // prettier-ignore
}

const tooDeep: z.ZodType<Node> = z
  .unknown()
  .refine(() => false, `is nested deeper than ${maxTreeDepth} levels`)
  .transform((): Node => z.NEVER);

/** By the level they stand on. */
export const nodeSchemas = Array.from({ length: maxTreeDepth }, (_, i) => nodeSchema(i + 1));

function formOf(input: unknown): 'if' | 'by' | 'leaf' | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  return (['if', 'by', 'leaf'] as const).find((key) => Object.hasOwn(input, key));
}

export const treeSchema = z
  .strictObject(
    {
      kind: z.literal('tree', 'must be "tree"'),
      root: nodeSchemas[0] ?? tooDeep,
      ...custodyFields,
    },
    'must be an object with kind and root',
  )
  .superRefine((definition, context) => {
    for (const { path, message } of problemsOf(definition)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
  });

/** Checks a tree as written, and that it leads every profile to exactly one leaf. */
export function parseTree(definition: unknown): Parsed<TreeState> {
  return readWith(treeSchema, definition);
}

function problemsOf({ root, tests = [] }: TreeState): TreeProblem[] {
  const leaves = leafNodesOf(root);
  if (leaves.length > maxTreeLeaves) {
    return [{ path: ['root'], message: `has ${leaves.length} leaves, at most ${maxTreeLeaves} are taken` }];
  }
  const comparisons = conditionsOf(root).reduce((sum, condition) => sum + leavesOf(condition).length, 0);
  if (comparisons > maxTreeComparisons) {
    const message = `has ${comparisons} comparisons in all, at most ${maxTreeComparisons} are taken: name parts as segments`;
    return [{ path: ['root'], message }];
  }
  const ids = new Set(leaves.map(({ leaf }) => leaf));
  const unknown = tests.flatMap(({ expect: { rule } }, i): TreeProblem[] => {
    if (rule !== null && ids.has(rule)) return [];
    return [{ path: ['tests', i, 'expect', 'rule'], message: `there is no leaf ${JSON.stringify(rule)}` }];
  });
  return [...proveTree(root), ...holesOf(leaves), ...unknown];
}

/** A mail whose template expects a slot that nobody filled would be sent with a hole. */
function holesOf(leaves: readonly LeafNode[]): TreeProblem[] {
  const names = [...new Set(leaves.flatMap(({ slots }) => Object.keys(slots)))];
  return leaves.flatMap(({ leaf, slots }): TreeProblem[] => {
    const missing = names.filter((name) => !Object.hasOwn(slots, name));
    if (missing.length === 0) return [];
    const message = `leaf ${JSON.stringify(leaf)} leaves out ${missing.join(', ')}, set by another leaf: set it there too`;
    return [{ path: ['root'], message }];
  });
}
