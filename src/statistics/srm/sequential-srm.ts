import { deviance } from '../distributions/deviance.js';
import { stirlingError } from '../distributions/stirling-error.js';
import type { Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type OrRefusal, type TestResult } from '../result.js';
import { unfitSplit, wholeWeights } from './srm.js';

export interface SequentialSrmResult extends TestResult {
  /** log Bayes factor against the planned weights, at each look; the statistic is the last one. */
  readonly logBayesFactors: readonly number[];
  /** The smallest p up to and with each look. */
  readonly running: readonly { readonly p: number; readonly logP: number }[];
  /** Expected share of each arm after the last look. */
  readonly posteriorMean: readonly number[];
}

/** Aims at shares that are off by half a percentage point to a whole one. */
const CONCENTRATION = 10_000;

/**
 * Sample ratio mismatch that may be looked at any time: the Bayes factor of a Dirichlet prior around the planned shares
 * (`concentration` times the shares) against the shares themselves, p = the smallest of 1 / BF over the looks. `looks`
 * hold recipients per arm from the start up to each look. Block at p < 0.001. With converters in place of recipients it
 * asks whether the arms convert equally, whatever the base rate does over time. Refuses what `srm` refuses,
 * `invalid_input` for counts that shrink and `too_few` without a look or recipient. Lindon & Malek (NeurIPS 2022).
 */
export function sequentialSrm(
  looks: readonly (readonly bigint[])[],
  weights: readonly number[],
  concentration: number = CONCENTRATION,
): OrRefusal<SequentialSrmResult> {
  const last = looks.at(-1);
  if (!last) return refuse('too_few', 'There has been no look yet.');
  const unfit = unfitSplit(last, weights);
  if (unfit) return unfit;
  if (!(concentration > 0 && concentration < Infinity))
    return refuse('invalid_input', 'concentration must be above zero and finite.');
  if (!looks.every((look, k) => follows(look, looks[k - 1] ?? weights.map(() => 0n))))
    return refuse(
      'invalid_input',
      'Every look needs a count for each arm, not below that of the look before.',
    );
  const whole = wholeWeights(weights);
  const logBayesFactors = looks.map((look) => logBayesFactor(look, whole, concentration));
  if (!logBayesFactors.every(Number.isFinite))
    return refuse('invalid_input', 'The concentration is too small for such weights.');
  const running = runningMinimum(logBayesFactors);
  const { p, logP } = running.at(-1) ?? { p: NaN, logP: NaN };
  return {
    method: 'srm.sequential',
    statistic: logBayesFactors.at(-1) ?? NaN,
    df: [],
    p,
    logP,
    warnings: [],
    logBayesFactors,
    running,
    posteriorMean: posteriorMean(last, whole, concentration),
  };
}

function follows(look: readonly bigint[], before: readonly bigint[]): boolean {
  return look.length === before.length && look.every((count, arm) => count >= (before[arm] ?? 0n));
}

function runningMinimum(logBayesFactors: readonly number[]): { p: number; logP: number }[] {
  let logP = 0;
  return logBayesFactors.map((log) => {
    logP = Math.min(logP, -log);
    return { p: Math.exp(logP), logP };
  });
}

/**
 * log of Γ(c)/Γ(c + n) Π Γ(cw + s)/Γ(cw) Π w^-s. In Stirling's formula the large parts join to deviances of cw + s from
 * (c + n)w, whose differences s - nw are exact; what is left are small terms, so that no digits cancel at n = 1e9.
 */
function logBayesFactor(
  counts: readonly bigint[],
  weights: readonly bigint[],
  concentration: number,
): number {
  const n = counts.reduce((sum, count) => sum + count, 0n);
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  const total = concentration + Number(n);
  const ofArms = counts.map((count, arm) => {
    const weight = weights[arm] ?? 0n;
    if (weight === 0n) return 0;
    const share = ratio(weight, all);
    const prior = concentration * share;
    const posterior = prior + Number(count);
    const excess = ratio(count * all - n * weight, all);
    return deviance(posterior, total * share, excess) + smallTerms(prior, Number(count));
  });
  return ofArms.reduce((sum, part) => sum + part, 0) - smallTerms(concentration, Number(n));
}

/** What log Γ(x + count) - log Γ(x) holds beside the growth of x log x - x. */
function smallTerms(x: number, count: number): number {
  return stirlingError(x + count) - stirlingError(x) - Math.log1p(count / x) / 2;
}

function posteriorMean(
  counts: readonly bigint[],
  weights: readonly bigint[],
  concentration: number,
): number[] {
  const n = Number(counts.reduce((sum, count) => sum + count, 0n));
  const all = weights.reduce((sum, weight) => sum + weight, 0n);
  return counts.map((count, arm) => {
    const prior = concentration * ratio(weights[arm] ?? 0n, all);
    return (prior + Number(count)) / (concentration + n);
  });
}

export const sequentialSrmMethod = {
  id: 'srm.sequential',
  title: 'Sample ratio mismatch at any look',
  needs: ['n', 'planned_weights'],
  parameters: [
    {
      name: 'concentration',
      meaning: 'how close to the plan a mismatch is sought, above zero; 10,000 if left out',
    },
  ],
  reference: 'Lindon & Malek (2022)',
  compute: sequentialSrm,
} as const satisfies Method;
