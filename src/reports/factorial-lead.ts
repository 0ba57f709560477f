import { adjustFamily } from './adjust.js';
import { pText } from './format.js';
import type { FactorialEffect, FactorialMetric, JointTest } from './report-factorial.js';
import type { ReportTest } from './report-figures.js';
import type { Refusal } from '../statistics/result.js';

/** An interaction is called clear below this p: a main effect is then an average over unlike things. */
const clear = 0.1;

interface PairTest {
  readonly factors: readonly string[];
  readonly test: ReportTest | Refusal;
}

type Lead = Pick<FactorialMetric, 'lead' | 'leadText'>;

/**
 * Which effects to read first: main effects, unless an interaction is clear (of two factors, or of more together) or
 * cannot be judged. `higherOrder` is the test of all interactions of three or more factors, where there are that many.
 */
export function chooseLead(
  interactions: readonly FactorialEffect[],
  joint: readonly JointTest[],
  higherOrder?: FactorialMetric['higherOrder'],
): Lead {
  const pairs = pairTests(interactions, joint);
  const adjusted = adjustFamily(pairs.map((pair) => pair.test));
  const refused = [...pairs.map((pair) => pair.test), higherOrder].find((test) => test && 'refused' in test);
  const found = pairs.flatMap((pair, i) => {
    if ('refused' in pair.test) return [];
    const p = adjusted[i]?.p ?? pair.test.p;
    return p < clear ? [`${pair.factors.join(' × ')} (${pText(p)})`] : [];
  });
  if (found.length > 0) {
    return {
      lead: 'simple',
      leadText: `The factors act on each other: ${found.join(', ')}. Read the simple effects first; a main effect averages over unlike situations here.`,
    };
  }
  if (refused && 'refused' in refused) {
    return {
      lead: 'simple',
      leadText: `Whether the factors act on each other cannot be told: ${refused.reason} Read the simple effects.`,
    };
  }
  return higherOrder && !('refused' in higherOrder) ? beyondPairs(higherOrder) : mainFirst('No interaction');
}

/** No pair of factors is clear; whether that is all depends on three or more together. */
function beyondPairs({ p, text }: ReportTest): Lead {
  if (p >= clear) return mainFirst(`No two-way interaction, and none of more factors together (${text}),`);
  return {
    lead: 'simple',
    leadText: `No two-way interaction is clear, but three or more factors act on each other together (${text}). Read the arms and the simple effects first; a main effect, or an interaction of two factors, averages over unlike situations here.`,
  };
}

function mainFirst(none: string): Lead {
  return {
    lead: 'main',
    leadText: `${none} between the factors is clear, so the main effects tell the story. That an interaction was not shown does not prove that there is none.`,
  };
}

/** One test per pair of factors: the joint one where there is one, else the only contrast's own. */
function pairTests(interactions: readonly FactorialEffect[], joint: readonly JointTest[]): PairTest[] {
  const jointPairs = joint.filter((one) => one.kind === 'interaction');
  const covered = new Set(jointPairs.map((one) => JSON.stringify(one.factors)));
  return [...jointPairs, ...interactions.filter((one) => !covered.has(JSON.stringify(one.factors)))];
}
