import { z } from 'zod';

import type { SlotValues } from '../../experiments/experiment.js';
import { type Parsed, readWith } from '../../experiments/read-with.js';
import { slotsSchema } from '../../experiments/slots.js';
import { leavesOf } from '../../profiles/conditions/condition.js';
import { conditionSchema } from '../../profiles/conditions/parse-condition.js';
import { custodyFields, ruleCustodyFields } from '../custody.js';
import { byPrecedence } from './rule.js';
import type { Rule, RulesState } from './rule.js';

export const maxRules = 500;
/** Comparisons in all rules together. */
export const maxComparisons = 5_000;

const ruleSchema = z.strictObject(
  {
    id: z
      .string('must be a text')
      .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
      .refine((id) => id !== 'default', 'stands for what is delivered when no rule matches: rename the rule'),
    ...ruleCustodyFields,
    priority: z
      .int('must be a whole number; the higher one goes first')
      .min(-1_000_000, 'must be at least -1000000')
      .max(1_000_000, 'must be at most 1000000')
      .default(0),
    exception: z.boolean('must be true or false').default(false),
    when: conditionSchema,
    slots: slotsSchema,
  },
  'must be a rule with id, when and slots',
);

/** What a sender may write. */
export const rulesSchema = z
  .strictObject(
    {
      kind: z.literal('rules', 'must be "rules"'),
      rules: z
        .array(ruleSchema, 'must be a list of rules')
        .min(1, 'must hold at least one rule; for the same content for everyone use kind "static"')
        .max(maxRules, `must hold at most ${maxRules} rules`),
      default: slotsSchema
        .optional()
        .describe('What is delivered when no rule matches; it also fills slots that a rule leaves out.'),
      ...custodyFields,
    },
    'must be an object with kind, rules and, if you like, default',
  )
  .superRefine((definition, context) => {
    const { rules, default: common } = definition;
    for (const { index, message, key } of [...duplicateIds(rules), ...missingSlots(rules, common ?? {})]) {
      context.addIssue({ code: 'custom', path: ['rules', index, key], message });
    }
    const comparisons = rules.reduce((sum, { when }) => sum + leavesOf(when).length, 0);
    if (comparisons > maxComparisons) {
      const message = `has ${comparisons} comparisons in all, at most ${maxComparisons} are taken: name parts as segments`;
      context.addIssue({ code: 'custom', path: ['rules'], message });
    }
    for (const { index, message } of expectationsOf(definition)) {
      context.addIssue({ code: 'custom', path: ['tests', index, 'expect', 'rule'], message });
    }
  })
  .transform((definition): RulesState => ({
    ...definition,
    rules: [...definition.rules].sort(byPrecedence),
  }));

/** Checks rules as written and puts them in order of precedence, so that the order of writing means nothing. */
export function parseRules(definition: unknown): Parsed<RulesState> {
  return readWith(rulesSchema, definition);
}

interface RuleProblem {
  readonly index: number;
  readonly key: 'id' | 'slots';
  readonly message: string;
}

function duplicateIds(rules: readonly Rule[]): RuleProblem[] {
  const seen = new Set<string>();
  return rules.flatMap(({ id }, index) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ index, key: 'id' as const, message: `"${id}" is the id of an earlier rule too: rename one` }];
  });
}

/** A test that waits for a rule which is not there can only fail. */
function expectationsOf({
  rules,
  default: common,
  tests = [],
}: Written): { index: number; message: string }[] {
  const ids = new Set(rules.map(({ id }) => id));
  return tests.flatMap(({ expect: { rule } }, index) => {
    if (rule === null) {
      const message = 'must not be null: there is a default, so that something is always chosen';
      return common === undefined ? [] : [{ index, message }];
    }
    if (rule === 'default' ? common !== undefined : ids.has(rule)) return [];
    const message = rule === 'default' ? 'there is no "default"' : `there is no rule ${JSON.stringify(rule)}`;
    return [{ index, message }];
  });
}

type Written = Pick<RulesState, 'rules' | 'default' | 'tests'>;

/** A mail whose template expects a slot that nobody filled would be sent with a hole. */
function missingSlots(rules: readonly Rule[], common: SlotValues): RuleProblem[] {
  const names = new Set(rules.flatMap((rule) => Object.keys(rule.slots)));
  return rules.flatMap(({ slots }, index) => {
    const missing = [...names].filter((name) => !Object.hasOwn(slots, name) && !Object.hasOwn(common, name));
    if (missing.length === 0) return [];
    const message = `leaves out ${missing.join(', ')}, set by another rule: set it here or in "default"`;
    return [{ index, key: 'slots' as const, message }];
  });
}
