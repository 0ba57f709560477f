import { agreeWithTest } from '../confidence.js';
import type { Count } from '../count.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, type Estimate, type OrRefusal, type TestResult } from '../result.js';
import { katz } from './katz.js';
import { newcombe } from './newcombe.js';
import { pearson } from './pearson.js';
import { scoreRatio } from './score-ratio.js';

export interface BulkComparison {
  readonly difference: Estimate;
  readonly uplift: OrRefusal<Estimate>;
  readonly test: OrRefusal<TestResult>;
}

/** Successes in each arm from which the logarithmic interval of an uplift is good enough. */
const ENOUGH = 20n;

/**
 * Two rates compared by closed forms, for tables of very many comparisons: Pearson's test, Newcombe's interval for the
 * difference, Katz's for the uplift where each arm has 20 successes or more and the score interval below. An interval
 * that contradicts the test, as these can where p is close to 1 - level, is moved to 0. Refuses `invalid_input` and
 * `empty_arm`; in parts `no_variation` (test) and `baseline_zero` (uplift). Newcombe (1998); Katz et al. (1978).
 */
export function bulkComparison(control: Count, treatment: Count, level: number): OrRefusal<BulkComparison> {
  const difference = newcombe(control, treatment, level);
  if (isRefusal(difference)) return difference;
  const test = pearson([control, treatment]);
  const rejects = !isRefusal(test) && test.p < 1 - level;
  const enough = control.successes >= ENOUGH && treatment.successes >= ENOUGH;
  const closed = enough ? katz(control, treatment, level) : scoreRatio(control, treatment, level);
  // Where everybody did it Katz's interval would be a point.
  const uplift = isRefusal(closed) ? scoreRatio(control, treatment, level) : closed;
  const mended = ({ value, interval }: Estimate) => ({ value, interval: agreeWithTest(interval, rejects) });
  return { difference: mended(difference), uplift: isRefusal(uplift) ? uplift : mended(uplift), test };
}

export const bulkComparisonMethod = {
  id: 'proportion.bulk_comparison',
  title: 'Two rates compared by closed forms',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Newcombe, Statistics in Medicine 17 (1998) 873; Katz et al., Biometrics 34 (1978) 469',
  compute: bulkComparison,
} as const satisfies Method;
