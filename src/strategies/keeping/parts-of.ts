import type { SlotValues } from '../../experiments/experiment.js';
import { canonicalJson } from '../content-hash.js';
import type { Custody } from '../custody.js';
import type { Rule, RulesState } from '../rules/rule.js';
import type { Node, TreeState } from '../tree/node.js';
import { treeAsRules } from './tree-as-rules.js';
import type { Part } from './compare-definitions.js';
import { outlineAsText, outlineOfCondition, spellSlot } from './outline.js';
import type { KeptStrategy } from './rule-book.js';

/** A definition taken apart, so that two versions can be compared part by part. */
export function partsOf({ kind, definition }: KeptStrategy): Part[] {
  const {
    owner,
    purpose,
    review,
    tests = [],
    ...rest
  } = definition as Custody & Readonly<Record<string, unknown>>;
  const custody = part('strategy', { owner, purpose, review });
  return [
    ...(custody.fields.size > 0 ? [custody] : []),
    ...(kind === 'rules'
      ? partsOfRules(definition as RulesState)
      : kind === 'tree'
        ? partsOfTree((definition as TreeState).root)
        : partsOfOther(rest)),
    ...tests.map(({ name, ...test }) => part(`test ${name}`, test)),
  ];
}

function partsOfRules({ rules, default: otherwise }: RulesState): Part[] {
  const last = otherwise ? [part('default', slotFields(otherwise))] : [];
  return [...rules.map(partOfRule), ...last];
}

function partOfRule({ id, when, slots, exception, priority, ...others }: Rule): Part {
  return part(`rule ${id}`, {
    ...others,
    ...(exception && { exception: 'yes' }),
    priority,
    if: outlineAsText(outlineOfCondition(when)),
    ...slotFields(slots),
  });
}

/** A leaf is known by its id, and so is the way to it: a question that changes shows at every leaf behind it. */
function partsOfTree(root: Node): Part[] {
  return treeAsRules(root).map(({ id, when, slots }) =>
    part(`leaf ${id}`, { if: outlineAsText(outlineOfCondition(when)), ...slotFields(slots) }),
  );
}

function partsOfOther({ kind: _kind, slots, ...rest }: Readonly<Record<string, unknown>>): Part[] {
  const own = part('definition', rest);
  const content = slots === undefined ? [] : [part('content', slotFields(slots as SlotValues))];
  return [...(own.fields.size > 0 ? [own] : []), ...content];
}

function slotFields(slots: SlotValues): Record<string, string> {
  return Object.fromEntries(Object.entries(slots).map(([slot, value]) => [`slot ${slot}`, spellSlot(value)]));
}

/** Fields that are undefined are not there. */
function part(name: string, fields: Readonly<Record<string, unknown>>): Part {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { name, fields: new Map(known.map(([field, value]) => [field, plain(value)])) };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
