import { z } from 'zod';

import type { SlotValues } from '../../experiments/experiment.js';
import { type Parsed, readWith } from '../../experiments/read-with.js';
import { slotsSchema } from '../../experiments/slots.js';
import { conditionSchema } from './parse-condition.js';
import { byPrecedence } from './rule.js';
import type { Rule, RulesState } from './rule.js';

export const maxRules = 500;

const ruleSchema = z.strictObject(
  {
    id: z
      .string('must be a text')
      .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores'),
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

const schema = z
  .strictObject(
    {
      kind: z.literal('rules', 'must be "rules"'),
      rules: z
        .array(ruleSchema, 'must be a list of rules')
        .min(1, 'must hold at least one rule; for the same content for everyone use kind "static"')
        .max(maxRules, `must hold at most ${maxRules} rules`),
      default: slotsSchema.optional(),
    },
    'must be an object with kind, rules and, if you like, default',
  )
  .superRefine(({ rules, default: common }, context) => {
    for (const { index, message, key } of [...duplicateIds(rules), ...missingSlots(rules, common ?? {})]) {
      context.addIssue({ code: 'custom', path: ['rules', index, key], message });
    }
  })
  .transform((definition): RulesState => ({
    ...definition,
    rules: [...definition.rules].sort(byPrecedence),
  }));

/** Checks rules as written and puts them in order of precedence, so that the order of writing means nothing. */
export function parseRules(definition: unknown): Parsed<RulesState> {
  return readWith(schema, definition);
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
