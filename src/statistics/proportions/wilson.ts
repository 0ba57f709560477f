import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, rate, type Count } from '../count.js';
import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { ratio } from '../numerics/ratio.js';
import type { Estimate, OrRefusal } from '../result.js';

/**
 * A rate with Wilson's score interval; never leaves [0, 1], and ends exactly at 0 or 1 for no or all successes.
 * Refuses `invalid_input` and `empty_arm`. Wilson (1927); Brown, Cai & DasGupta (2001).
 */
export function wilson(count: Count, level: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([count]);
  if (impossible) return impossible;
  const failures = { successes: count.n - count.successes, n: count.n };
  const z = normal.isf((1 - level) / 2);
  // From whichever end the upper limit is nearer to, so that tiny rates keep their digits.
  const upper = 2n * count.successes < count.n ? upperSide(count, z) : 1 - lowerSide(failures, z);
  return { value: rate(count), interval: { lower: lowerSide(count, z), upper, level } };
}

/** The smaller root of (n + z²)p² - (2x + z²)p + x²/n, without cancellation. */
function lowerSide(count: Count, z: number): number {
  if (count.successes === 0n) return 0;
  const x = Number(count.successes);
  return (x * rate(count)) / (x + (z * z) / 2 + halfWidth(count, z));
}

function upperSide(count: Count, z: number): number {
  const n = Number(count.n);
  return (Number(count.successes) + (z * z) / 2 + halfWidth(count, z)) / (n + z * z);
}

/** z √(x (n - x) / n + z² / 4) */
function halfWidth({ successes, n }: Count, z: number): number {
  return z * Math.sqrt(ratio(successes * (n - successes), n) + (z * z) / 4);
}

/**
 * How far Wilson's interval at the normal quantile z reaches below and above the rate, without taking the difference of
 * two numbers that are close in large arms. Needs n >= 1.
 */
export function wilsonReach(count: Count, z: number): { below: number; above: number } {
  const n = Number(count.n);
  const half = halfWidth(count, z);
  // z² (1/2 - p): how far the middle of the interval lies above the rate, times n + z².
  const shift = ((z * z) / 2) * ratio(count.n - 2n * count.successes, count.n);
  return {
    below: count.successes === 0n ? 0 : (half - shift) / (n + z * z),
    above: count.successes === count.n ? 0 : (half + shift) / (n + z * z),
  };
}

export const wilsonMethod = {
  id: 'proportion.wilson',
  title: 'Rate of one arm with score interval',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Wilson (1927)',
  compute: wilson,
} as const satisfies Method;
