import { agreeWithTest } from '../confidence.js';
import type { Count } from '../count.js';
import { logTwoSidedNormal } from '../distributions/normal.js';
import type { Parameter } from '../method.js';
import {
  isRefusal,
  refuse,
  type Interval,
  type OrRefusal,
  type Refusal,
  type TestResult,
} from '../result.js';
import { pearson } from './pearson.js';
import { signedRoot } from './z-test.js';

/**
 * Whether the score variance is taken as it is ('none', the exact counterpart of Pearson's test) or times N / (N - 1)
 * ('n-1', Miettinen & Nurminen 1985).
 */
export type ScoreCorrection = 'none' | 'n-1';

const CORRECTIONS: readonly string[] = ['none', 'n-1'] satisfies ScoreCorrection[];

/** The parameter of the score methods. */
export const CORRECTION: Parameter = {
  name: 'correction',
  meaning: '`none`, or `n-1`, which multiplies the variance by N/(N - 1)',
};

/** A refusal (`invalid_input`) unless the correction is one of the two. */
export function impossibleCorrection(correction: ScoreCorrection): Refusal | undefined {
  if (CORRECTIONS.includes(correction)) return undefined;
  return refuse('invalid_input', 'The correction must be none or n-1.');
}

/** What the score variance is multiplied by. */
export function scoreVarianceFactor(control: Count, treatment: Count, correction: ScoreCorrection): number {
  const n = Number(control.n + treatment.n);
  return correction === 'none' ? 1 : n / (n - 1);
}

/**
 * The score test of two equal rates with the variance of Miettinen & Nurminen: the pooled z times √((N - 1)/N).
 * Refuses and warns as `pearson`.
 */
export function correctedScoreTest(control: Count, treatment: Count): OrRefusal<TestResult> {
  const plain = pearson([control, treatment]);
  if (isRefusal(plain)) return plain;
  const statistic = signedRoot(control, treatment, control.n + treatment.n - 1n);
  const logP = logTwoSidedNormal(statistic);
  return {
    method: 'proportion.miettinen_nurminen',
    statistic,
    df: [],
    p: Math.exp(logP),
    logP,
    warnings: plain.warnings,
  };
}

/**
 * The score interval of a difference or an uplift, leaving out 0 exactly when the score test rejects at its level. In
 * exact arithmetic it does; the test is asked only where 0 lies so close to a limit that rounding may have put it
 * beyond.
 */
export function agreeWithScoreTest(
  interval: Interval,
  control: Count,
  treatment: Count,
  correction: ScoreCorrection,
): Interval {
  const { lower, upper, level } = interval;
  const nearest = Math.min(Math.abs(lower), Math.abs(upper));
  if (nearest > 1e-6 * (upper - lower)) return interval;
  const test = correction === 'none' ? pearson([control, treatment]) : correctedScoreTest(control, treatment);
  return agreeWithTest(interval, !isRefusal(test) && test.p < 1 - level);
}
