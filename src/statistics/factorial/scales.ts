import { impossibleAlpha } from '../confidence.js';
import type { Count } from '../count.js';
import { ALPHA, type Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal, type TestResult } from '../result.js';
import type { OutcomeSums } from '../sums.js';
import { jointContrasts } from './contrast.js';
import { designTerms } from './design.js';
import { effectRows, equalShares } from './effect-rows.js';
import { factorialLogit } from './logit.js';
import { LEVEL_COUNTS } from './parameters.js';

/** An interaction on the scale of rates, which decides, and on that of log odds, shown beside it. */
export interface InteractionScales {
  readonly factors: readonly number[];
  readonly rates: OrRefusal<TestResult>;
  /** Likelihood-ratio test in the full logit model. */
  readonly logOdds: OrRefusal<TestResult>;
  /** Whether one of the two rejects at alpha and the other does not; undefined where one is refused. */
  readonly disagree: boolean | undefined;
}

/**
 * Every interaction of a full factorial on both scales. Effects that add up as rates do not as log odds and the other
 * way round, so where the two disagree the interaction is one of the scale. Refuses `invalid_input` and `missing_cell`;
 * each test by itself as `jointContrasts` and `factorialLogit` do. Loftus (1978); Ai & Norton (2003).
 */
export function interactionScales(
  levelCounts: readonly number[],
  cells: readonly Count[],
  alpha: number,
): OrRefusal<InteractionScales[]> {
  const impossible = impossibleAlpha(alpha);
  if (impossible) return impossible;
  const logit = factorialLogit(levelCounts, cells, levelCounts.length);
  if (isRefusal(logit) && logit.code !== 'separation') return logit;
  const sums = cells.map(binarySums);
  const interactions = designTerms(levelCounts.length, levelCounts.length).filter((term) => term.length > 1);
  return interactions.map((factors) => {
    const rows = effectRows(levelCounts, factors, equalShares(levelCounts, factors));
    const rates = jointContrasts(
      'proportion',
      sums,
      rows.map((row) => row.coefficients),
    );
    const logOdds = isRefusal(logit) ? logit : likelihoodRatioOf(logit.terms, factors);
    return { factors, rates, logOdds, disagree: scalesDisagree(rates, logOdds, alpha) };
  });
}

function binarySums({ successes, n }: Count): OutcomeSums {
  return { n, nonZero: successes, sum: successes, sumSquares: successes, sumCubes: successes };
}

/** Whether exactly one of two tests rejects at alpha; undefined where one has no answer. */
export function scalesDisagree(
  rates: OrRefusal<TestResult>,
  logOdds: OrRefusal<TestResult>,
  alpha: number,
): boolean | undefined {
  if (isRefusal(rates) || isRefusal(logOdds)) return undefined;
  return rates.p < alpha !== logOdds.p < alpha;
}

function likelihoodRatioOf(
  terms: readonly { factors: readonly number[]; likelihoodRatio: TestResult }[],
  factors: readonly number[],
): OrRefusal<TestResult> {
  const term = terms.find((one) => one.factors.join() === factors.join());
  return term?.likelihoodRatio ?? refuse('invalid_input', 'The model has no such interaction.');
}

export const interactionScalesMethod = {
  id: 'factorial.interaction_scales',
  title: 'Interactions as differences of rates and of log odds',
  needs: ['n', 'nonZero', 'design'],
  parameters: [LEVEL_COUNTS, ALPHA],
  reference: 'Loftus (1978); Ai & Norton (2003)',
  compute: interactionScales,
} as const satisfies Method;
