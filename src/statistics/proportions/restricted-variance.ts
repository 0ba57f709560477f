import type { Count } from '../count.js';
import { findRoot } from '../numerics/find-root.js';

/**
 * Variance of the difference of two rates if that difference were `delta` in [-1, 1]: p̃q̃/n summed over the arms, where
 * the p̃ are the most likely rates with p̃(treatment) - p̃(control) = delta. Solves the likelihood equation between
 * the two estimates that bound its root; the closed form (Farrington & Manning 1990) loses digits at small rates.
 */
export function restrictedVariance(control: Count, treatment: Count, delta: number): number {
  if (delta < 0) return restrictedVariance(treatment, control, -delta);
  const successes = control.successes + treatment.successes;
  const n = control.n + treatment.n;
  if (2n * successes > n) return ascending(failures(treatment), failures(control), delta);
  return ascending(control, treatment, delta);
}

function failures({ successes, n }: Count): Count {
  return { successes: n - successes, n };
}

/** The lower arm has rate p, the higher one p + delta, delta >= 0. */
function ascending(lowerArm: Count, higherArm: Count, delta: number): number {
  const [a, na, b, nb] = [lowerArm.successes, lowerArm.n, higherArm.successes, higherArm.n].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const p = delta === 0 ? (a + b) / (na + nb) : lowerRate(a, na, b, nb, delta);
  return (p * (1 - p)) / na + ((p + delta) * Math.max(0, 1 - p - delta)) / nb;
}

function lowerRate(a: number, na: number, b: number, nb: number, delta: number): number {
  // The score times p and 1 - p - delta where these would make it infinite.
  const slope = (p: number): number => {
    const rest = 1 - p - delta;
    const byP = a > 0 ? p : 1;
    const byRest = b < nb ? rest : 1;
    const bounded = b / (p + delta) - (na - a) / (1 - p);
    return (a > 0 ? a * byRest : 0) + bounded * byP * byRest - (b < nb ? (nb - b) * byP : 0);
  };
  const clamp = (p: number) => Math.min(Math.max(p, 0), 1 - delta);
  const ends = [clamp(a / na), clamp(b / nb - delta)] as const;
  const low = Math.min(...ends);
  const high = Math.max(...ends);
  if (low === high || slope(low) <= 0) return low;
  return slope(high) >= 0 ? high : findRoot(slope, low, high);
}
