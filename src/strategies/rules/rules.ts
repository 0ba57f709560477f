import { Segments, compileCondition } from '../../profiles/conditions/compile-condition.js';
import {
  eventsOfConditions,
  featuresOfConditions,
  needsOfCondition,
  traitsOfConditions,
} from '../../profiles/conditions/prepare-condition.js';
import { joinNeeds } from '../../profiles/join-needs.js';
import { Subject } from '../../profiles/conditions/subject.js';
import { conditionsOf, segmentsNamed } from '../../profiles/segments/segment.js';
import type { Choice, Decider, Json, Parts, StrategyKind } from '../strategy.js';
import { contentsOf, resolveSlots } from '../strategy.js';
import { parseRules } from './parse-rules.js';
import type { RulesState } from './rule.js';
import { prepareRulesTrace } from './trace.js';

/** So many of the rules that matched in vain stand in the gist of a decision. */
const mostLosers = 5;

/** Content by the first rule that matches what is known about the recipient. */
export const rulesKind: StrategyKind<RulesState> = {
  kind: 'rules',
  summary: 'Delivers the content of the first rule that matches what is known about the recipient.',
  parse: parseRules,
  needs: ({ rules }, segments) => {
    const conditions = conditionsOf(segments);
    return joinNeeds(rules.map(({ when }) => needsOfCondition(when, conditions)));
  },
  readsTraits: ({ rules }, segments) =>
    traitsOfConditions(
      rules.map(({ when }) => when),
      conditionsOf(segments),
    ),
  readsFeatures: ({ rules }, segments) =>
    featuresOfConditions(
      rules.map(({ when }) => when),
      conditionsOf(segments),
    ),
  readsEvents: ({ rules }, segments) =>
    eventsOfConditions(
      rules.map(({ when }) => when),
      conditionsOf(segments),
    ),
  references: (definition) => ({
    contents: allSlots(definition).flatMap(contentsOf),
    segments: segmentsNamed(...definition.rules.map(({ when }) => when)),
    items: [],
    catalogue: false,
  }),
  mayDecline: (definition) => definition.default === undefined,
  slotNames: (definition) => [...new Set(allSlots(definition).flatMap((slots) => Object.keys(slots)))],
  prepare,
};

function allSlots(definition: RulesState) {
  return [...definition.rules.map((rule) => rule.slots), definition.default ?? {}];
}

function prepare(definition: RulesState, parts: Parts): Decider {
  const conditions = conditionsOf(parts.segments);
  const segments = new Segments(conditions);
  const common = resolveSlots(definition.default ?? {}, parts.contents);
  const rules = definition.rules.map((rule) => {
    const slots = { ...common, ...resolveSlots(rule.slots, parts.contents) };
    const choice: Choice = { slots, reason: `rule ${rule.id}`, probability: 1 };
    return { id: rule.id, matches: compileCondition(rule.when, segments), choice };
  });
  const otherwise: Choice | undefined = definition.default && {
    slots: common,
    reason: 'default',
    probability: 1,
  };
  let explain: ReturnType<typeof prepareRulesTrace> | undefined;
  return {
    decide(profile, _, clock) {
      const subject = new Subject(profile, clock.getTime());
      for (const { matches, choice } of rules) if (matches(subject)) return choice;
      return otherwise ?? { noChoice: 'no rule matched' };
    },
    gist(profile, _, clock) {
      const subject = new Subject(profile, clock.getTime());
      const [winner = 'default', ...losers] = rules
        .filter(({ matches }) => matches(subject))
        .map(({ id }) => id);
      const more = losers.length - mostLosers;
      return { winner, losers: losers.slice(0, mostLosers), ...(more > 0 && { more }) };
    },
    trace(profile, _, clock) {
      explain ??= prepareRulesTrace(definition, conditions);
      return explain(profile, clock.getTime()) as unknown as Json;
    },
  };
}
