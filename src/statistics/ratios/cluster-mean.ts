import { impossibleLevel } from '../confidence.js';
import type { CrossSums } from '../cross-sums.js';
import { studentT } from '../distributions/student-t.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import { refuse, type EstimateWithSe, type OrRefusal } from '../result.js';
import { tooLarge } from '../sums.js';
import { ratioOf, residualSquares, unfitForRatios } from './ratio-arm.js';

export interface ClusterMean {
  /** Mean per send with the small-sample standard error (CR1) and Student's t interval, G - 1 degrees of freedom. */
  readonly mean: EstimateWithSe;
  /** Cluster-robust standard error without correction, √Σe² / Σd with e a cluster's sum of residuals. */
  readonly seCr0: number;
  /** Times √(G / (G - 1)); the further factor (N - 1)/(N - 1) that regression packages print is 1 for a mean. */
  readonly seCr1: number;
}

/**
 * Mean per send (or per row) where every recipient has several: the recipients are the clusters. Outcome 0 of the
 * cross sums is a recipient's sum over the sends, outcome 1 the number of sends; n counts the G recipients with at
 * least one. `seCr1` is the standard error of `ratioDelta`. Refuses `invalid_input`, `empty_arm`, `too_few` (one
 * recipient, or no sends) and `no_variation` (the same mean in every cluster). Liang & Zeger (1986); Cameron & Miller
 * (2015).
 */
export function clusterMean(arm: CrossSums, level: number): OrRefusal<ClusterMean> {
  const impossible = impossibleLevel(level) ?? unfitForRatios([arm]);
  if (impossible) return impossible;
  const squares = residualSquares(arm);
  if (squares === 0n)
    return refuse('no_variation', 'All recipients have the same mean, so its spread is unknown.');
  const sends = arm.sums[1] ?? 0n;
  const seCr0 = Math.sqrt(ratio(squares, sends ** 4n));
  const seCr1 = Math.sqrt(ratio(arm.n * squares, (arm.n - 1n) * sends ** 4n));
  const value = ratioOf(arm);
  const half = studentT.isf((1 - level) / 2, Number(arm.n - 1n)) * seCr1;
  if (!Number.isFinite(half)) return tooLarge;
  const interval = { lower: value - half, upper: value + half, level };
  return { mean: { value, se: seCr1, interval }, seCr0, seCr1 };
}

export const clusterMeanMethod = {
  id: 'ratio.cluster',
  title: 'Mean per send with recipients as clusters',
  needs: ['cross_sums'],
  parameters: [LEVEL],
  reference: 'Liang & Zeger (1986); Cameron & Miller (2015)',
  compute: clusterMean,
} as const satisfies Method;
