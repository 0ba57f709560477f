import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, rateDifference, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import type { Estimate, OrRefusal } from '../result.js';
import { restrictedVariance } from './restricted-variance.js';
import {
  agreeWithScoreTest,
  CORRECTION,
  impossibleCorrection,
  scoreVarianceFactor,
  type ScoreCorrection,
} from './score-test.js';

/**
 * Difference of two rates, treatment minus control, with the score interval: all differences that a score test at
 * 1 - level does not reject. Without correction (Mee 1984) it excludes 0 exactly when Pearson's p < 1 - level; with
 * 'n-1' it is the interval of Miettinen & Nurminen (1985), a hair wider. It never leaves [-1, 1] and exists even
 * without a single success. Refuses `invalid_input` and `empty_arm`.
 */
export function scoreDifference(
  control: Count,
  treatment: Count,
  level: number,
  correction: ScoreCorrection = 'none',
): OrRefusal<Estimate> {
  const impossible =
    impossibleLevel(level) ?? impossibleCounts([control, treatment]) ?? impossibleCorrection(correction);
  if (impossible) return impossible;
  const value = rateDifference(control, treatment);
  const factor = scoreVarianceFactor(control, treatment, correction);
  const z = normal.isf((1 - level) / 2) * Math.sqrt(factor);
  const halfWidth = (delta: number) => z * Math.sqrt(restrictedVariance(control, treatment, delta));
  const interval = { lower: limit(value, halfWidth, -1), upper: limit(value, halfWidth, 1), level };
  return { value, interval: agreeWithScoreTest(interval, control, treatment, correction) };
}

/** The difference on one side of `value` that is exactly its own half width away. */
function limit(value: number, halfWidth: (delta: number) => number, side: 1 | -1): number {
  if (value === side) return side;
  // With rates of 0 or 1 the half width is zero at `value` itself, which is not the root that is meant.
  const step = value === 0 ? 1e-300 : Number.EPSILON;
  const start = halfWidth(value) > 0 ? value : value + side * step;
  return findRoot((delta) => value - delta + side * halfWidth(delta), start, side);
}

export const scoreDifferenceMethod = {
  id: 'proportion.score_difference',
  title: 'Difference of two rates with score interval',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL, CORRECTION],
  reference: 'Mee (1984); Miettinen & Nurminen (1985)',
  compute: scoreDifference,
} as const satisfies Method;
