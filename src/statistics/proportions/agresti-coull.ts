import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, rate, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import type { Estimate, OrRefusal } from '../result.js';

/**
 * A rate with the interval of Agresti and Coull: Wald's around (x + z²/2)/(n + z²), which is the middle of Wilson's. As
 * published it is not cut: near 0 % and 100 % it reaches a little beyond. `wilson` is the better one there.
 * Refuses `invalid_input` and `empty_arm`. Agresti & Coull (1998).
 */
export function agrestiCoull(count: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([count]);
  if (impossible) return impossible;
  const z = normal.isf((1 - level) / 2);
  const n = Number(count.n) + z * z;
  const p = (Number(count.successes) + (z * z) / 2) / n;
  const q = (Number(count.n - count.successes) + (z * z) / 2) / n;
  const half = z * Math.sqrt((p * q) / n);
  return { value: rate(count), interval: { lower: p - half, upper: p + half, level } };
}

export const agrestiCoullMethod = {
  id: 'proportion.agresti_coull',
  title: 'Rate of one arm with the interval of Agresti and Coull',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Agresti & Coull (1998); Brown, Cai & DasGupta (2001)',
  compute: agrestiCoull,
} as const satisfies Method;
