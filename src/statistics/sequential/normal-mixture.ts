import { deviance } from '../distributions/deviance.js';

/**
 * The one statistic behind confidence sequences and the mixture sequential probability ratio test: z against normal
 * effects with variance m times the squared standard error (m = nρ² = τ²/se²), that is
 * log Λ = z² m / (2 (1 + m)) - log(1 + m) / 2. 1/Λ exceeds 1/α at any look with probability at most α. Robbins (1970).
 */
export function logMixtureRatio(z: number, m: number): number {
  return (z * z * (m / (1 + m)) - Math.log1p(m)) / 2;
}

/** The |z| at which Λ = 1/α: half the width of the sequence in standard errors; infinite where m is all but zero. */
export function mixtureBound(m: number, alpha: number): number {
  return Math.sqrt(2 * ((1 + m) / m) * (Math.log1p(m) / 2 - Math.log(alpha)));
}

/** m that makes `mixtureBound` nearly smallest, in closed form. Waudby-Smith et al. (2024). */
export function approximateTuning(alpha: number): number {
  const evidence = -2 * Math.log(alpha);
  return evidence + Math.log1p(evidence);
}

/**
 * m that makes `mixtureBound` smallest, where it is √(1 + m): the root of m - log(1 + m) = -2 log α, otherwise written
 * -W(-α²/e) - 1 with the lower branch of Lambert's W. Newton's method from above; the function is convex.
 */
export function exactTuning(alpha: number): number {
  const evidence = -2 * Math.log(alpha);
  let m = evidence + 2 * Math.sqrt(evidence) + 2;
  for (;;) {
    const step = ((deviance(1, 1 + m, -m) - evidence) * (1 + m)) / m;
    m -= step;
    if (!(Math.abs(step) > 4e-16 * m)) return m;
  }
}
