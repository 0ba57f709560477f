import { adjustFamily } from './adjust.js';
import { pText } from './format.js';
import type { FactorialEffect, FactorialMetric, JointTest, ReportTest } from './report.js';
import type { Refusal } from '../statistics/result.js';

/** An interaction is called clear below this p: a main effect is then an average over unlike things. */
const clear = 0.1;

interface PairTest {
  readonly factors: readonly string[];
  readonly test: ReportTest | Refusal;
}

/** Which effects to read first: main effects, unless a two-way interaction is clear or a cell is missing. */
export function chooseLead(
  interactions: readonly FactorialEffect[],
  joint: readonly JointTest[],
): Pick<FactorialMetric, 'lead' | 'leadText'> {
  const pairs = pairTests(interactions, joint);
  const adjusted = adjustFamily(pairs.map((pair) => pair.test));
  const refused = pairs.find((pair) => 'refused' in pair.test);
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
  if (refused && 'refused' in refused.test) {
    return {
      lead: 'simple',
      leadText: `Whether the factors act on each other cannot be told: ${refused.test.reason} Read the simple effects.`,
    };
  }
  return {
    lead: 'main',
    leadText:
      'No interaction between the factors is clear, so the main effects tell the story. That an interaction was not shown does not prove that there is none.',
  };
}

/** One test per pair of factors: the joint one where there is one, else the only contrast's own. */
function pairTests(interactions: readonly FactorialEffect[], joint: readonly JointTest[]): PairTest[] {
  const jointPairs = joint.filter((one) => one.kind === 'interaction');
  const covered = new Set(jointPairs.map((one) => JSON.stringify(one.factors)));
  return [...jointPairs, ...interactions.filter((one) => !covered.has(JSON.stringify(one.factors)))];
}
