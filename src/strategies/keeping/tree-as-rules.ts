import type { Condition } from '../../profiles/conditions/condition.js';
import type { Rule } from '../rules/rule.js';
import { type Case, isRange, type Match, type Node, type Switch, valuesOf } from '../tree/node.js';

/** A decision tree as one rule for each leaf: the answers on the way to it. No two of them match the same recipient. */
export function treeAsRules(root: Node): Rule[] {
  return rulesBelow(root, []);
}

function rulesBelow(node: Node, way: readonly Condition[]): Rule[] {
  if ('leaf' in node) {
    // A tree that is nothing but a leaf is for everybody.
    const when: Condition = way.length === 0 ? { any: [known, { not: known }] } : { all: way };
    return [{ id: node.leaf, priority: 0, exception: false, when, slots: node.slots }];
  }
  if ('if' in node) {
    return [
      ...rulesBelow(node.then, [...way, node.if]),
      ...rulesBelow(node.else, [...way, { not: node.if }]),
    ];
  }
  return switched(node, way);
}

const known: Condition = { trait: 'anything', op: 'exists' };

/** Values that are named go before ranges, and nobody has two of the same. */
function switched({ by, cases, else: otherwise }: Switch, way: readonly Condition[]): Rule[] {
  const named = cases.filter(({ when }) => !isRange(when)).map(({ when }) => conditionOf(by, when));
  const below = cases.flatMap(({ when, then }: Case) => {
    const before = isRange(when) ? named.map((condition): Condition => ({ not: condition })) : [];
    return rulesBelow(then, [...way, conditionOf(by, when), ...before]);
  });
  const none = cases.map(({ when }): Condition => ({ not: conditionOf(by, when) }));
  return [...below, ...rulesBelow(otherwise, [...way, ...none])];
}

/** One case as a condition. */
export function conditionOf(trait: string, match: Match): Condition {
  if (!isRange(match)) return { trait, op: 'in', value: valuesOf(match) };
  const { from, below } = match;
  return {
    all: [
      ...(from === undefined ? [] : [{ trait, op: 'gte', value: from } as const]),
      ...(below === undefined ? [] : [{ trait, op: 'lt', value: below } as const]),
    ],
  };
}
