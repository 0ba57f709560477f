import { impossibleCounts, rateDifference, type Count } from '../count.js';
import type { Method } from '../method.js';
import { refuse, type OrRefusal, type Refusal, type TestResult } from '../result.js';
import { oneSidedNormal } from './alternative.js';
import { smallExpected } from './pearson.js';
import { restrictedVariance } from './restricted-variance.js';
import { distanceFrom, restrictedError } from './score-ratio.js';
import { CORRECTION, impossibleCorrection, scoreVarianceFactor, type ScoreCorrection } from './score-test.js';

/** Which rates are good ones: clicks are better if higher, unsubscribes if lower. */
export type Better = 'higher' | 'lower';

/**
 * Score test that the treatment rate is not worse than the control rate by `margin` or more (a difference, 0.002 is 0.2
 * percentage points; in [0, 1)). One-sided: a small p shows that it is not. The rates behind the standard error are
 * the most likely ones on the border itself, so p < alpha exactly when the score interval at 1 - 2 alpha stays on the
 * good side of it. z counts from the border, positive towards higher treatment rates. Margin 0 tests superiority.
 * Warns `small_expected`. Refuses `invalid_input`, `empty_arm` and `no_variation`. Farrington & Manning (1990).
 */
export function nonInferiorDifference(
  control: Count,
  treatment: Count,
  margin: number,
  better: Better,
  correction: ScoreCorrection = 'none',
): OrRefusal<TestResult> {
  const impossible = impossibleMargin(control, treatment, margin, better, correction, 1);
  if (impossible) return impossible;
  const border = better === 'higher' ? -margin : margin;
  const variance = restrictedVariance(control, treatment, border);
  const distance = rateDifference(control, treatment) - border;
  const method = 'proportion.non_inferior_difference';
  return scoreTest(method, distance, Math.sqrt(variance), control, treatment, better, correction);
}

/**
 * As `nonInferiorDifference` with the margin as an uplift: 0.1 allows the treatment a rate 10 % lower than the
 * control's (10 % higher, where lower is better). In [0, 1) where higher is better, in [0, 100] where lower is.
 */
export function nonInferiorUplift(
  control: Count,
  treatment: Count,
  margin: number,
  better: Better,
  correction: ScoreCorrection = 'none',
): OrRefusal<TestResult> {
  const limit = better === 'higher' ? 1 : 100;
  const impossible = impossibleMargin(control, treatment, margin, better, correction, limit);
  if (impossible) return impossible;
  const border = better === 'higher' ? -margin : margin;
  const distance = distanceFrom(control, treatment)(border);
  const error = restrictedError(control, treatment, border);
  return scoreTest('proportion.non_inferior_uplift', distance, error, control, treatment, better, correction);
}

function impossibleMargin(
  control: Count,
  treatment: Count,
  margin: number,
  better: Better,
  correction: ScoreCorrection,
  limit: number,
): Refusal | undefined {
  if (!['higher', 'lower'].includes(better)) {
    return refuse('invalid_input', 'The better rate must be the higher or the lower one.');
  }
  if (!(margin >= 0 && (margin < limit || (limit > 1 && margin === limit)))) {
    return refuse('invalid_input', `The margin must be at least 0 and below ${limit}.`);
  }
  return impossibleCorrection(correction) ?? impossibleCounts([control, treatment]);
}

function scoreTest(
  method: string,
  distance: number,
  error: number,
  control: Count,
  treatment: Count,
  better: Better,
  correction: ScoreCorrection,
): OrRefusal<TestResult> {
  if (!(error > 0)) return refuse('no_variation', 'Nobody or everybody in both arms did it.');
  const statistic = distance / (error * Math.sqrt(scoreVarianceFactor(control, treatment, correction)));
  const tail = oneSidedNormal(statistic, better === 'higher' ? 'greater' : 'less');
  return { method, statistic, df: [], ...tail, warnings: smallExpected([control, treatment]) };
}

const MARGIN = { name: 'margin', meaning: 'how much worse is still acceptable, at least 0' } as const;
const BETTER = { name: 'better', meaning: '`higher` or `lower`: which rates are good ones' } as const;

export const nonInferiorDifferenceMethod = {
  id: 'proportion.non_inferior_difference',
  title: 'Score test of non-inferiority, margin as a difference of rates',
  needs: ['n', 'nonZero'],
  parameters: [MARGIN, BETTER, CORRECTION],
  reference: 'Farrington & Manning, Statistics in Medicine 9 (1990) 1447; Miettinen & Nurminen (1985)',
  compute: nonInferiorDifference,
} as const satisfies Method;

export const nonInferiorUpliftMethod = {
  id: 'proportion.non_inferior_uplift',
  title: 'Score test of non-inferiority, margin as an uplift',
  needs: ['n', 'nonZero'],
  parameters: [MARGIN, BETTER, CORRECTION],
  reference: 'Farrington & Manning, Statistics in Medicine 9 (1990) 1447; Koopman (1984)',
  compute: nonInferiorUplift,
} as const satisfies Method;
