import type { SlotValues } from '../../experiments/experiment.js';
import type { Condition } from '../../profiles/conditions/condition.js';
import type { Custody } from '../custody.js';

export interface Rule {
  readonly id: string;
  /** Why there is this rule, for those who look after it. */
  readonly purpose?: string | undefined;
  /** Who looks after it, and the day by which somebody should look at it again; absent: as for all rules. */
  readonly owner?: string | undefined;
  readonly review?: string | undefined;
  readonly priority: number;
  readonly exception: boolean;
  readonly when: Condition;
  readonly slots: SlotValues;
}

export interface RulesState extends Custody {
  readonly kind: 'rules';
  /** In order of precedence: the first that matches wins. */
  readonly rules: readonly Rule[];
  /** What is delivered when no rule matches; it also fills the slots that a winning rule leaves out. */
  readonly default?: SlotValues | undefined;
}

/** The one order of rules: exceptions first, then the higher priority, then the id by UTF-16 unit. */
export function byPrecedence(a: Rule, b: Rule): number {
  if (a.exception !== b.exception) return a.exception ? -1 : 1;
  if (a.priority !== b.priority) return b.priority - a.priority;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
