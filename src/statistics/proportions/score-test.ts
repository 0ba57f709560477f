import type { Count } from '../count.js';
import { chiSquared } from '../distributions/chi-squared.js';
import { pearson } from './pearson.js';
import { isRefusal } from '../result.js';

/**
 * Whether the score variance is taken as it is ('none', the exact counterpart of Pearson's test) or times N / (N - 1)
 * ('n-1', Miettinen & Nurminen 1985).
 */
export type ScoreCorrection = 'none' | 'n-1';

/** What the score variance is multiplied by. */
export function scoreVarianceFactor(control: Count, treatment: Count, correction: ScoreCorrection): number {
  const n = Number(control.n + treatment.n);
  return correction === 'none' ? 1 : n / (n - 1);
}

/** Whether the score test of equal rates rejects at 1 - level; never, if nobody or everybody did it. */
export function rejectsEqualRates(
  control: Count,
  treatment: Count,
  level: number,
  correction: ScoreCorrection,
): boolean {
  const test = pearson([control, treatment]);
  if (isRefusal(test)) return false;
  if (correction === 'none') return test.p < 1 - level;
  const statistic = test.statistic / scoreVarianceFactor(control, treatment, correction);
  return chiSquared.sf(statistic, 1) < 1 - level;
}
