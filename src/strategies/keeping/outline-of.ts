import type { SlotValues } from '../../experiments/experiment.js';
import type { Rule, RulesState } from '../rules/rule.js';
import { isRange, type Match, type Node, type TreeState, valuesOf } from '../tree/node.js';
import { canonicalJson } from '../content-hash.js';
import { type Outline, outlineOfCondition, outlineOfSlots } from './outline.js';
import type { KeptStrategy } from './rule-book.js';

/** What a strategy decides, as a tree for readers. */
export function outlineOf({ kind, definition }: KeptStrategy): Outline {
  if (kind === 'rules') return outlineOfRules(definition as RulesState);
  if (kind === 'tree') return outlineOfNode((definition as TreeState).root);
  if (kind === 'static') return outlineOfStatic(definition as { readonly slots: SlotValues });
  const { levels, ...fields } = definition as Leveled;
  if (levels) return outlineOfLevels(levels);
  return outlineOfOther(kind, fields);
}

/** Kinds that deliver by a number that they predict. The highest bound comes first. */
interface Leveled extends Readonly<Record<string, unknown>> {
  readonly levels?: readonly { readonly atLeast: number; readonly slots: SlotValues }[];
}

const belowAll: Outline = { role: 'default', text: 'nothing', note: 'below every level', children: [] };

function outlineOfLevels(levels: NonNullable<Leveled['levels']>): Outline {
  return {
    role: 'start',
    text: 'The highest level that is reached by what is predicted',
    children: [
      ...levels.map(({ atLeast, slots }): Outline => ({
        role: 'rule',
        text: `at least ${atLeast}`,
        children: outlineOfSlots(slots),
      })),
      ...(levels.some(({ atLeast }) => atLeast === 0) ? [] : [belowAll]),
    ],
  };
}

function outlineOfRules({ rules, default: otherwise }: RulesState): Outline {
  const last: Outline = otherwise
    ? { role: 'default', text: 'default', note: 'no rule matches', children: outlineOfSlots(otherwise) }
    : { role: 'default', text: 'nothing', note: 'no rule matches', children: [] };
  return {
    role: 'start',
    text: 'The first rule that matches',
    children: [...rules.map(outlineOfRule), last],
  };
}

function outlineOfRule({ id, exception, priority, purpose, owner, review, when, slots }: Rule): Outline {
  const standing = [
    ...(exception ? ['exception'] : []),
    ...(priority === 0 ? [] : [`priority ${priority}`]),
    ...(purpose === undefined ? [] : [purpose]),
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(review === undefined ? [] : [`review by ${review}`]),
  ];
  return {
    role: 'rule',
    text: id,
    ...(standing.length > 0 && { note: standing.join(', ') }),
    children: [{ ...outlineOfCondition(when), edge: 'if' }, ...outlineOfSlots(slots)],
  };
}

function outlineOfNode(node: Node): Outline {
  if ('leaf' in node) return { role: 'rule', text: node.leaf, children: outlineOfSlots(node.slots) };
  if ('if' in node) {
    const ways = [edge('yes', node.then), edge('no', node.else)];
    const asked = outlineOfCondition(node.if);
    // A question in one line is the fork itself; a longer one stands in front of its answers.
    if (asked.children.length === 0)
      return { ...asked, role: 'group', text: `${asked.text}?`, children: ways };
    return { role: 'group', text: 'if', children: [asked, ...ways] };
  }
  const cases = node.cases.map(({ when, then }) => edge(spellMatch(when), then));
  return { role: 'group', text: `${node.by}?`, children: [...cases, edge('else', node.else)] };
}

function edge(text: string, node: Node): Outline {
  return { ...outlineOfNode(node), edge: text };
}

function spellMatch(match: Match): string {
  if (!isRange(match)) return valuesOf(match).join(', ');
  const { from, below } = match;
  if (from === undefined) return `below ${below ?? ''}`;
  return below === undefined ? `from ${from}` : `${from} to below ${below}`;
}

function outlineOfStatic({ slots }: { readonly slots: SlotValues }): Outline {
  return { role: 'start', text: 'Everyone', children: outlineOfSlots(slots) };
}

/** Kinds that say nothing about themselves yet: their fields. */
function outlineOfOther(kind: string, definition: Readonly<Record<string, unknown>>): Outline {
  const { slots, ...others } = definition;
  const fields = Object.entries(others).filter(([field]) => field !== 'kind');
  return {
    role: 'start',
    text: kind,
    children: [
      ...fields.map(([field, value]): Outline => ({
        role: 'test',
        text: `${field}: ${plain(value)}`,
        children: [],
      })),
      ...outlineOfSlots((slots ?? {}) as SlotValues),
    ],
  };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
