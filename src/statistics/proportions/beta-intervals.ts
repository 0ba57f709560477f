import { impossibleLevel } from '../confidence.js';
import { impossibleCounts, rate, type Count } from '../count.js';
import { beta } from '../distributions/beta.js';
import { LEVEL, type Method } from '../method.js';
import type { Estimate, OrRefusal } from '../result.js';
import { tooManyToCount } from './exact-limit.js';

/**
 * A rate with the exact interval of Clopper and Pearson: all rates that neither one-sided binomial test at
 * (1 - level)/2 rejects. Covers at least `level`, mostly more; ends at 0 or 1 for no or all successes, the other side
 * keeping its (1 - level)/2. Refuses `invalid_input`, `empty_arm` and, above 2^53 recipients, `too_many`.
 * Clopper & Pearson (1934).
 */
export function clopperPearson(count: Count, level: number): OrRefusal<Estimate> {
  return betaInterval(count, level, 0, 1);
}

/**
 * A rate with Jeffreys' interval, the equal-tailed posterior interval under a Beta(1/2, 1/2) prior; ends at 0 or 1 for
 * no or all successes, the other side keeping its (1 - level)/2. Covers `level` on average. Refuses as
 * `clopperPearson`. Brown, Cai & DasGupta (2001).
 */
export function jeffreys(count: Count, level: number): OrRefusal<Estimate> {
  return betaInterval(count, level, 0.5, 0.5);
}

/** From the lower quantile of Beta(x + a, n - x + b) to the upper one of Beta(x + b, n - x + a). */
function betaInterval(count: Count, level: number, a: number, b: number): OrRefusal<Estimate> {
  const impossible = impossibleLevel(level) ?? impossibleCounts([count]) ?? tooManyToCount([count]);
  if (impossible) return impossible;
  const x = Number(count.successes);
  const failures = Number(count.n - count.successes);
  const tail = (1 - level) / 2;
  const lower = x === 0 ? 0 : beta.quantile(tail, x + a, failures + b);
  const upper = failures === 0 ? 1 : beta.isf(tail, x + b, failures + a);
  return { value: rate(count), interval: { lower, upper, level } };
}

export const clopperPearsonMethod = {
  id: 'proportion.clopper_pearson',
  title: 'Rate of one arm with exact interval',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Clopper & Pearson (1934)',
  compute: clopperPearson,
} as const satisfies Method;

export const jeffreysMethod = {
  id: 'proportion.jeffreys',
  title: "Rate of one arm with Jeffreys' interval",
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Brown, Cai & DasGupta (2001)',
  compute: jeffreys,
} as const satisfies Method;
