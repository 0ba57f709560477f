import type { Rule } from './rules.js';

/** The one order of rules: exceptions first, then the higher priority, then the id by UTF-16 unit. */
export function byPrecedence(a: Rule, b: Rule): number {
  if (a.exception !== b.exception) return a.exception ? -1 : 1;
  if (a.priority !== b.priority) return b.priority - a.priority;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
