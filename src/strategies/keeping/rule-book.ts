import type { Rule, RulesState } from '../rules/rule.js';
import type { TreeState } from '../tree/node.js';
import { treeAsRules } from './tree-as-rules.js';

/** A strategy as it is kept: the kind of its definition, and the definition as the kind parsed it. */
export interface KeptStrategy {
  readonly kind: string;
  readonly definition: unknown;
}

/** A definition as rules, to be looked at one against the other. */
export interface RuleBook {
  /** In order of precedence: the first that matches wins. */
  readonly rules: readonly Rule[];
  readonly hasDefault: boolean;
  /** Whether no two of them can match the same recipient. */
  readonly exclusive: boolean;
}

/** Undefined for kinds that decide otherwise than by conditions. */
export function ruleBook({ kind, definition }: KeptStrategy): RuleBook | undefined {
  if (kind === 'tree') {
    return { rules: treeAsRules((definition as TreeState).root), hasDefault: false, exclusive: true };
  }
  if (kind !== 'rules') return undefined;
  const { rules, default: otherwise } = definition as RulesState;
  return { rules, hasDefault: otherwise !== undefined, exclusive: false };
}
