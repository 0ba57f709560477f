import type { Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { adjustWith, PLANNED, stepUp, type AdjustedPs } from './adjusted-p.js';

/**
 * Benjamini & Yekutieli's adjustment: bounds the expected share of false rejections however the tests hang together, at
 * the price of the factor 1 + 1/2 + ... + 1/planned over Benjamini & Hochberg's. Arguments and refusals as for `holm`.
 * Benjamini & Yekutieli (2001).
 */
export function benjaminiYekutieli(
  logPs: readonly number[],
  planned: number = logPs.length,
): OrRefusal<AdjustedPs> {
  return adjustWith(logPs, planned, (given, m) => {
    const price = Math.log(harmonic(m));
    return stepUp(given, (logP, rank) => logP + Math.log(m / (rank + 1)) + price);
  });
}

const EULER_MASCHERONI = 0.5772156649015329;

/** 1 + 1/2 + ... + 1/count; from 50 on by the Euler-Maclaurin expansion, whose next term is below 1e-12. */
function harmonic(count: number): number {
  if (count >= 50) {
    const square = count * count;
    return Math.log(count) + EULER_MASCHERONI + 0.5 / count - 1 / (12 * square) + 1 / (120 * square * square);
  }
  let sum = 0;
  for (let i = count; i >= 1; i -= 1) sum += 1 / i;
  return sum;
}

export const benjaminiYekutieliMethod = {
  id: 'multiplicity.benjamini_yekutieli',
  title: 'False discovery rate of Benjamini & Yekutieli',
  needs: ['p_values'],
  parameters: [PLANNED],
  reference: 'Benjamini & Yekutieli (2001)',
  compute: benjaminiYekutieli,
} as const satisfies Method;
