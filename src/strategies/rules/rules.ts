import type { Choice, Decider, Json, Parts, StrategyKind } from '../strategy.js';
import { contentsOf, resolveSlots } from '../strategy.js';
import { satisfies } from './condition.js';
import { parseRules } from './parse-rules.js';
import type { RulesState } from './rule.js';
import { trace } from './trace.js';

/** Content by the first rule that matches what is known about the recipient. */
export const rulesKind: StrategyKind<RulesState> = {
  kind: 'rules',
  summary: 'Delivers the content of the first rule that matches what is known about the recipient.',
  parse: parseRules,
  needs: () => ({ types: [] }),
  references: (definition) => ({
    contents: [...definition.rules.map((rule) => rule.slots), definition.default ?? {}].flatMap(contentsOf),
    segments: [],
    items: [],
    catalogue: false,
  }),
  mayDecline: (definition) => definition.default === undefined,
  slotNames: (definition) => {
    const all = [...definition.rules.map((rule) => rule.slots), definition.default ?? {}];
    return [...new Set(all.flatMap((slots) => Object.keys(slots)))];
  },
  prepare,
};

function prepare(definition: RulesState, { contents }: Parts): Decider {
  const common = resolveSlots(definition.default ?? {}, contents);
  const rules = definition.rules.map((rule) => {
    const slots = { ...common, ...resolveSlots(rule.slots, contents) };
    const choice: Choice = { slots, reason: `rule ${rule.id}`, probability: 1 };
    return { when: rule.when, choice };
  });
  const otherwise: Choice | undefined = definition.default && {
    slots: common,
    reason: 'default',
    probability: 1,
  };
  return {
    decide: ({ traits }) =>
      rules.find((rule) => satisfies(rule.when, traits))?.choice ??
      otherwise ?? { noChoice: 'no rule matched' },
    trace: ({ traits }) => trace(definition, traits) as unknown as Json,
  };
}
