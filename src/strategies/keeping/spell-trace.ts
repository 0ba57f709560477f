import type { Condition } from '../../profiles/conditions/condition.js';
import type { ConditionTrace } from '../../profiles/conditions/trace-condition.js';
import { conditionInWords } from '../../profiles/segments/in-words.js';
import { canonicalJson } from '../content-hash.js';
import type { RulesTrace } from '../rules/trace.js';
import type { Json } from '../strategy.js';
import type { TreeTrace } from '../tree/trace-tree.js';
import type { Outline } from './outline.js';

/** Why a decision came out as it did, as a tree for readers: every comparison with what it found. */
export function outlineOfTrace(kind: string, trace: Json): Outline {
  if (kind === 'rules') return outlineOfRules(trace as unknown as RulesTrace);
  if (kind === 'tree') return outlineOfSteps(trace as unknown as TreeTrace);
  return { role: 'test', text: canonicalJson(trace), children: [] };
}

/** The losers are named: rules that match as well, and come later in the order. */
function outlineOfRules({ winner, losers, rules }: RulesTrace): Outline {
  const looked = rules.flatMap(({ id, verdict, when }) =>
    when ? [line(`${id} ${verdict ? 'matches' : 'does not match'}`, [outlineOf(when)])] : [],
  );
  const over = losers.length === 0 ? '' : ` over ${losers.join(', ')}, which match as well`;
  return line(winner === null ? 'nothing matched' : `${winner} wins${over}`, looked);
}

function outlineOfSteps({ winner, steps }: TreeTrace): Outline {
  const taken = steps.map((step) =>
    'if' in step
      ? line(`so ${step.taken}`, [outlineOf(step.if)])
      : line(`${step.by} is ${plain(step.actual)}, so ${plain(step.taken)}`, []),
  );
  return line(`comes to ${winner}`, taken);
}

function outlineOf(trace: ConditionTrace): Outline {
  const { verdict } = trace;
  if ('all' in trace) return line(`${mark(verdict)} all of`, trace.all.map(outlineOf));
  if ('any' in trace) return line(`${mark(verdict)} any of`, trace.any.map(outlineOf));
  if ('not' in trace) return line(`${mark(verdict)} not`, [outlineOf(trace.not)]);
  if ('segment' in trace) {
    return line(`${mark(verdict)} in segment ${trace.segment}`, trace.when ? [outlineOf(trace.when)] : []);
  }
  const { verdict: _verdict, actual, expected, ...about } = trace;
  const asked = conditionInWords({ ...about, value: expected } as unknown as Condition);
  const looked = 'events' in trace ? ` in ${trace.events} ${trace.events === 1 ? 'event' : 'events'}` : '';
  return line(`${mark(verdict)} ${asked}; found ${plain(actual)}${looked}`, []);
}

function line(text: string, children: readonly Outline[]): Outline {
  return { role: 'test', text, children };
}

function mark(verdict: boolean): string {
  return verdict ? 'yes:' : 'no:';
}

function plain(value: unknown): string {
  return value === null || value === undefined
    ? 'nothing'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
