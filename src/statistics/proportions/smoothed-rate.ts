import type { Count } from '../count.js';
import { ratio } from '../numerics/ratio.js';
import type { Warning } from '../result.js';

/**
 * Squared standard error of a rate that never takes nobody, everybody or a single recipient for certainty: one success
 * and one failure are added, p̃ = (x + 1)/(n + 2), and p̃(1 - p̃)/(n + 2) is brought back to the scale of the observed
 * rate, times ((n + 2)/n)². For equal cells a z test with it is that of Agresti & Caffo (2000), whose estimate is
 * smoothed too; here the estimate stays the observed one. Close to p(1 - p)/n in large cells. Needs n >= 1.
 */
export function smoothedRateVariance({ successes, n }: Count): number {
  return ratio((successes + 1n) * (n - successes + 1n), (n + 2n) * n * n);
}

/** Fewer of either outcome than this, and a normal approximation is a rough one. */
const FEW = 5n;

/** Warns `few_events` when an arm has fewer than five who did it, or fewer than five who did not. */
export function fewEvents(counts: readonly Count[]): Warning[] {
  if (counts.every(({ successes, n }) => successes >= FEW && n - successes >= FEW)) return [];
  const message =
    'A combination has fewer than 5 who did it, or fewer than 5 who did not: the interval is a cautious guess.';
  return [{ code: 'few_events', message }];
}
