import { rate, rateDifference, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { findRoot } from '../numerics/find-root.js';
import type { Estimate, OrRefusal } from '../result.js';
import {
  agreeWithScoreTest,
  CORRECTION,
  impossibleCorrection,
  scoreVarianceFactor,
  type ScoreCorrection,
} from './score-test.js';
import { impossibleUplift, uplift } from './uplift.js';

/**
 * Uplift of a rate, treatment / control - 1, with the score interval: all uplifts that a score test at 1 - level does
 * not reject. Without correction (Koopman 1984) it excludes 0 exactly when Pearson's p < 1 - level; with 'n-1' the
 * variance is taken times N / (N - 1) (Miettinen & Nurminen 1985). Lower limit at least -1; upper limit finite.
 * Refuses `invalid_input`, `empty_arm`, and `baseline_zero` when the control has no successes.
 */
export function scoreRatio(
  control: Count,
  treatment: Count,
  level: number,
  correction: ScoreCorrection = 'none',
): OrRefusal<Estimate> {
  const impossible = impossibleUplift(control, treatment, level) ?? impossibleCorrection(correction);
  if (impossible) return impossible;
  const factor = scoreVarianceFactor(control, treatment, correction);
  const z = normal.isf((1 - level) / 2) * Math.sqrt(factor);
  const interval = {
    lower: lowerLimit(control, treatment, z),
    upper: upperLimit(control, treatment, z),
    level,
  };
  const agreeing = agreeWithScoreTest(interval, control, treatment, correction);
  return { value: uplift(control, treatment), interval: agreeing };
}

function lowerLimit(control: Count, treatment: Count, z: number): number {
  if (treatment.successes === 0n) return -1;
  const value = uplift(control, treatment);
  const distance = distanceFrom(control, treatment);
  return findRoot(
    (u) => distance(u) - z * restrictedError(control, treatment, u),
    -1,
    startAt(control, treatment, value, -1),
  );
}

function upperLimit(control: Count, treatment: Count, z: number): number {
  const value = uplift(control, treatment);
  const distance = distanceFrom(control, treatment);
  const fn = (u: number) => distance(u) + z * restrictedError(control, treatment, u);
  let far = 2 * value + 3;
  while (fn(far) > 0) far *= 4;
  return findRoot(fn, startAt(control, treatment, value, 1), far);
}

/** p̂(treatment) - (1 + u) p̂(control), written so that small uplifts keep their digits. */
export function distanceFrom(control: Count, treatment: Count): (u: number) => number {
  const difference = rateDifference(control, treatment);
  const base = rate(control);
  return (u) => difference - u * base;
}

/** With rates of 0 or 1 the error is zero at the estimate itself, which is not the root that is meant. */
function startAt(control: Count, treatment: Count, value: number, side: 1 | -1): number {
  if (restrictedError(control, treatment, value) > 0) return value;
  return value + side * Number.EPSILON;
}

/**
 * Standard error of p̂t - (1 + u) p̂c under the most likely rates with p̃t = (1 + u) p̃c, which solve a quadratic:
 * N φ p² - (φ (nt + xc) + nc + xt) p + (xt + xc) = 0, smaller root, φ = 1 + u.
 */
export function restrictedError(control: Count, treatment: Count, u: number): number {
  const phi = 1 + u;
  const [xc, nc] = [Number(control.successes), Number(control.n)];
  const [xt, nt] = [Number(treatment.successes), Number(treatment.n)];
  const byPhi = nt + xc;
  const apart = nc + xt;
  // The discriminant as a sum of positive terms.
  const root = Math.sqrt((phi * byPhi - apart) ** 2 + 4 * phi * (nt - xt) * (nc - xc));
  const pc = Math.min(1, (2 * (xt + xc)) / (phi * byPhi + apart + root));
  const pt = Math.min(1, phi * pc);
  const qc = pc < 0.5 ? 1 - pc : failureRate(control, treatment, u, phi);
  const qt = pt < 0.5 ? 1 - pt : failureRate(treatment, control, -u / phi, 1 / phi);
  return Math.sqrt((pt * qt) / nt + (phi * phi * pc * qc) / nc);
}

/**
 * 1 - p̃ of `arm` where the other arm's p̃ is phi = 1 + u times as high: the same quadratic in 1 - p, for rates close
 * to 1. Takes both u and phi, because for small u the one and for small phi the other has the digits.
 */
function failureRate(arm: Count, other: Count, u: number, phi: number): number {
  const failures = Number(arm.n - arm.successes);
  const otherFailures = Number(other.n - other.successes);
  const [size, otherSize] = [Number(arm.n), Number(other.n)];
  const n = size + otherSize;
  const reach = otherSize + Number(arm.successes);
  const near = Math.abs(u) < 0.5;
  const linear = otherFailures + (near ? failures + u * (n + failures) : phi * (n + failures) - n);
  const apart = otherFailures + (near ? u * reach - failures : phi * reach - n);
  const root = Math.sqrt(apart * apart + 4 * phi * failures * otherFailures);
  const q = linear < 0 ? (2 * u * failures) / (linear - root) : (linear + root) / (2 * n * phi);
  return Math.min(1, Math.max(0, q));
}

export const scoreRatioMethod = {
  id: 'proportion.score_ratio',
  title: 'Uplift of a rate with score interval',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL, CORRECTION],
  reference: 'Koopman (1984); Miettinen & Nurminen (1985)',
  compute: scoreRatio,
} as const satisfies Method;
