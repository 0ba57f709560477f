import { rate, rateDifference, impossibleCounts, type Count } from '../count.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal, type Refusal, type Warning } from '../result.js';
import type { BetaShape } from './logit-beta.js';

/** What was believed of every arm's rate before the data: `a` pseudo-recipients who did it, `b` who did not. */
export type BetaPrior = BetaShape;

/** More recipients than people live: beyond this the digits of a double run out. */
const MOST = 1e10;
const SMALLEST_SHAPE = 1e-4;

/** A refusal (`invalid_input`) unless both shapes lie in [1e-4, 1e10]. */
function impossiblePrior({ a, b }: BetaPrior): Refusal | undefined {
  if ([a, b].every((shape) => shape >= SMALLEST_SHAPE && shape <= MOST)) return undefined;
  return refuse('invalid_input', 'The shapes a and b of a beta prior must be numbers from 1e-4 to 1e10.');
}

/** A refusal if an arm's count is impossible (`invalid_input`), empty (`empty_arm`) or above 1e10 recipients. */
export function unfitForBeta(arms: readonly Count[], prior: BetaPrior): Refusal | undefined {
  const unfit = impossibleCounts(arms) ?? impossiblePrior(prior);
  if (unfit) return unfit;
  if (arms.every(({ n }) => n <= BigInt(MOST))) return undefined;
  return refuse('invalid_input', 'An arm has more recipients than there are people.');
}

/** Beta(a + successes, b + failures). */
export function posterior({ successes, n }: Count, { a, b }: BetaPrior): BetaShape {
  return { a: a + Number(successes), b: b + Number(n - successes) };
}

/** Mean of the posterior. */
export function posteriorMean({ a, b }: BetaShape): number {
  return a / (a + b);
}

/** Posterior mean of `two` minus that of `one`; what large counts have in common cancels exactly. */
export function posteriorMeanDifference(one: Count, two: Count, { a, b }: BetaPrior): number {
  const weight = a + b;
  const [n1, n2] = [Number(one.n), Number(two.n)];
  const fromData = rateDifference(one, two) * n1 * n2;
  const fromPrior = Number(two.successes - one.successes) * weight + a * Number(one.n - two.n);
  return (fromData + fromPrior) / ((n1 + weight) * (n2 + weight));
}

/** Share of the prior in the posterior mean of a rate, in (0, 1). */
export function priorWeight({ n }: Count, { a, b }: BetaPrior): number {
  return (a + b) / (a + b + Number(n));
}

/** Warns `strong_prior` where the prior has a greater say than the data. */
export function priorWarnings(weights: readonly number[]): Warning[] {
  if (weights.every((weight) => weight <= 0.5)) return [];
  const message =
    'What was believed before outweighs the data: the result says more about the prior than about the arms.';
  return [{ code: 'strong_prior', message }];
}

/**
 * A beta prior for every arm, centred on the rate that the same audience had before the experiment and worth
 * `pseudoRecipients` (2 to 100) of them, few enough for the data to overrule it. Refuses `invalid_input`, `empty_arm`
 * and `no_variation` (before the experiment nobody, or everybody, did it: a prior that leaves no other rate possible).
 */
export function betaPriorFromRate(before: Count, pseudoRecipients: number): OrRefusal<BetaPrior> {
  const impossible = impossibleCounts([before]);
  if (impossible) return impossible;
  if (!(pseudoRecipients >= 2 && pseudoRecipients <= 100)) {
    return refuse('invalid_input', 'A prior may weigh as much as 2 to 100 recipients (pseudoRecipients).');
  }
  const { successes, n } = before;
  if (successes === 0n || successes === n) {
    return refuse(
      'no_variation',
      'Before the experiment nobody, or everybody, did it: no prior can be made from that.',
    );
  }
  const prior = {
    a: pseudoRecipients * rate(before),
    b: pseudoRecipients * rate({ successes: n - successes, n }),
  };
  return impossiblePrior(prior) ?? prior;
}

export const betaPriorFromRateMethod = {
  id: 'bayes.prior_from_rate',
  title: 'Beta prior from the rate before the experiment',
  needs: ['n', 'nonZero'],
  parameters: [{ name: 'pseudoRecipients', meaning: 'weight of the prior in recipients, 2 to 100' }],
  reference: 'Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), 2.4',
  compute: betaPriorFromRate,
} as const satisfies Method;
