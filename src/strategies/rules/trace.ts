import type { Condition } from '../../profiles/conditions/condition.js';
import { type ConditionTrace, prepareTrace } from '../../profiles/conditions/trace-condition.js';
import type { Profile } from '../../profiles/history.js';
import type { RulesState } from './rule.js';

export interface RuleTrace {
  readonly id: string;
  readonly verdict: boolean;
  /** Left out for rules that came too late to be looked at closely. */
  readonly when?: ConditionTrace;
}

/** Why the winner won. */
export interface RulesTrace {
  /** Id of a rule, `default`, or null: nothing was chosen. */
  readonly winner: string | null;
  /** Rules that match as well and come later in the order of precedence. */
  readonly losers: readonly string[];
  /** Every rule in order of precedence. */
  readonly rules: readonly RuleTrace[];
}

/** The explanation made ready for many recipients. @throws Error where a segment is missing or leads back to itself. */
export function prepareRulesTrace(
  { rules, default: common }: RulesState,
  segments: ReadonlyMap<string, Condition>,
): (profile: Profile, clock: number) => RulesTrace {
  const explained = rules.map(({ id, when }) => ({ id, explain: prepareTrace(when, segments) }));
  return (profile, clock) => {
    const all = explained.map(({ id, explain }) => ({ id, when: explain(profile, clock) }));
    const winner = all.findIndex(({ when }) => when.verdict);
    const matching = all.filter(({ when }) => when.verdict).map(({ id }) => id);
    return {
      winner: matching[0] ?? (common === undefined ? null : 'default'),
      losers: matching.slice(1),
      rules: all.map(({ id, when }, i) =>
        winner >= 0 && i > winner ? { id, verdict: when.verdict } : { id, verdict: when.verdict, when },
      ),
    };
  };
}
