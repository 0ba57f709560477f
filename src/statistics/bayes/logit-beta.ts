import { betaLogitQuantile } from '../distributions/beta.js';
import { incompleteBeta, logBetaKernel } from '../distributions/incomplete-beta.js';
import { logOneMinusExp } from '../distributions/tails.js';
import { logistic } from '../numerics/logistic.js';

/** Shapes of a beta distribution: pseudo-recipients who did it and who did not. */
export interface BetaShape {
  readonly a: number;
  readonly b: number;
}

/** Beyond this logit the rate (or its complement) is below 1e-260 and its tail a pure exponential in the logit. */
const EDGE = 600;

/**
 * A beta distribution seen on the logit scale s = log(x / (1 - x)). There its density is log-concave for all shapes
 * above zero, also where the density of x is infinite at 0 or 1, and so are both of its tails.
 */
export const logitBeta = {
  /** log of the density of s. */
  logDensity: (s: number, { a, b }: BetaShape): number => {
    if (s > EDGE) return logitBeta.logDensity(-s, { a: b, b: a });
    if (s < -EDGE) return leftTail(s, a, b) + Math.log(a);
    return logBetaKernel(a, b, logistic(s), logistic(-s));
  },
  /** log P(S <= s). */
  logCdf: (s: number, { a, b }: BetaShape): number => {
    if (s < -EDGE) return leftTail(s, a, b);
    if (s > EDGE) return logOneMinusExp(leftTail(-s, b, a));
    return incompleteBeta(a, b, logistic(s), logistic(-s)).logLower;
  },
  /** log P(S > s). */
  logSf: (s: number, { a, b }: BetaShape): number => logitBeta.logCdf(-s, { a: b, b: a }),
  /** Slope of the log density. */
  slope: (s: number, { a, b }: BetaShape): number => a * logistic(-s) - b * logistic(s),
  /** Where the density of s is highest. */
  mode: ({ a, b }: BetaShape): number => Math.log(a) - Math.log(b),
  /** Rounding error of the log density in its bulk: a rate near the mean is known to no more than a rounding. */
  noise: ({ a, b }: BetaShape): number => 8 * Number.EPSILON * (1 + Math.sqrt(a + b)),
  /** Where next to all of the distribution begins, where it is highest, and where it ends, roughly. */
  bends: (shape: BetaShape): number[] => {
    const [mode, spread] = [logitBeta.mode(shape), Math.min(1, logitBeta.spread(shape))];
    return [mode - 10 * spread, mode, mode + 10 * spread];
  },
  /** The logits between which all but 2e-20 of the distribution lies. */
  bulk: ({ a, b }: BetaShape): { low: number; high: number } => ({
    low: betaLogitQuantile(a, b, 1e-20, 'lower'),
    high: betaLogitQuantile(a, b, 1e-20, 'upper'),
  }),
  /** Standard deviation of s, roughly. */
  spread: ({ a, b }: BetaShape): number => Math.sqrt(1 / a + 1 / b),
} as const;

function leftTail(s: number, a: number, b: number): number {
  return incompleteBeta(a, b, logistic(-EDGE), 1).logLower + a * (s + EDGE);
}
