import type { ConditionTrace } from '../../profiles/conditions/trace-condition.js';
import { canonicalJson } from '../content-hash.js';
import type { RulesTrace } from '../rules/trace.js';
import type { Json } from '../strategy.js';
import type { TreeTrace } from '../tree/trace-tree.js';
import type { Outline } from './outline.js';
import { spellTest } from './spell-condition.js';
import type { Test } from './axes.js';

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
  const expected = spellTest({ op: trace.op, value: trace.expected } as Test);
  if ('event' in trace) {
    const about = { count: 'number', sum: `sum of ${trace.property ?? 'value'}`, distinct: `different ${trace.property ?? ''}`, days_since_last: 'days since the last', days_since_first: 'days since the first' }[trace.measure]; // prettier-ignore
    const counted = `${trace.events} ${trace.events === 1 ? 'event' : 'events'} looked at`;
    return line(
      `${mark(verdict)} ${trace.event}: ${about} ${expected}; found ${plain(trace.actual)} (${counted})`,
      [],
    );
  }
  const name = trace.trait ?? trace.feature ?? '';
  return line(`${mark(verdict)} ${name} ${expected}; found ${plain(trace.actual)}`, []);
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
