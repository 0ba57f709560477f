import type { SlotValues } from '../../experiments/experiment.js';
import type { Rule, RulesState } from '../rules/rule.js';
import { canonicalJson } from '../content-hash.js';
import { type Outline, outlineOfCondition, outlineOfSlots } from './outline.js';
import type { KeptStrategy } from './rule-book.js';

/** What a strategy decides, as a tree for readers. */
export function outlineOf({ kind, definition }: KeptStrategy): Outline {
  if (kind === 'rules') return outlineOfRules(definition as RulesState);
  if (kind === 'static') return outlineOfStatic(definition as { readonly slots: SlotValues });
  return outlineOfOther(kind, definition as Readonly<Record<string, unknown>>);
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

function outlineOfRule({ id, exception, priority, when, slots }: Rule): Outline {
  const standing = [...(exception ? ['exception'] : []), ...(priority === 0 ? [] : [`priority ${priority}`])];
  return {
    role: 'rule',
    text: id,
    ...(standing.length > 0 && { note: standing.join(', ') }),
    children: [{ ...outlineOfCondition(when), edge: 'if' }, ...outlineOfSlots(slots)],
  };
}

function outlineOfStatic({ slots }: { readonly slots: SlotValues }): Outline {
  return { role: 'start', text: 'Everyone', children: outlineOfSlots(slots) };
}

/** Kinds that say nothing about themselves yet: their fields. */
function outlineOfOther(kind: string, definition: Readonly<Record<string, unknown>>): Outline {
  const fields = Object.entries(definition).filter(([field]) => field !== 'kind');
  return {
    role: 'start',
    text: kind,
    children: fields.map(([field, value]) => ({
      role: 'test',
      text: `${field}: ${plain(value)}`,
      children: [],
    })),
  };
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : canonicalJson(value);
}
