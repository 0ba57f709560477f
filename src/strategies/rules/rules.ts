import type { StrategyKind } from '../strategy.js';
import { satisfies } from './condition.js';
import { parseRules } from './parse-rules.js';
import type { RulesState } from './rule.js';

/** Content by the first rule that matches what is known about the recipient. */
export const rulesKind: StrategyKind<RulesState> = {
  kind: 'rules',
  summary: 'Delivers the content of the first rule that matches what is known about the recipient.',
  parse: parseRules,
  decide: ({ traits }, state) => {
    const winner = state.rules.find((rule) => satisfies(rule.when, traits));
    if (winner) {
      return { slots: { ...state.default, ...winner.slots }, reason: `rule ${winner.id}`, probability: 1 };
    }
    if (state.default) return { slots: state.default, reason: 'default', probability: 1 };
    return { noChoice: 'no rule matched' };
  },
  mayDecline: (state) => state.default === undefined,
  slotNames: slotNamesOf,
};

// Asked for with every decision, and the rules never change.
const knownSlotNames = new WeakMap<RulesState, readonly string[]>();

function slotNamesOf(state: RulesState): readonly string[] {
  const known = knownSlotNames.get(state);
  if (known) return known;
  const all = [...state.rules.map((rule) => rule.slots), state.default ?? {}];
  const names = [...new Set(all.flatMap((slots) => Object.keys(slots)))];
  knownSlotNames.set(state, names);
  return names;
}
