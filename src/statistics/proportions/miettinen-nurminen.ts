import type { Count } from '../count.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, type Estimate, type OrRefusal, type TestResult } from '../result.js';
import { scoreDifference } from './score-difference.js';
import { correctedScoreTest } from './score-test.js';

export interface ScoreComparison {
  /** Rate of treatment minus rate of control. */
  readonly difference: Estimate;
  /** Refused (`no_variation`) where nobody or everybody did it; the interval exists even then. */
  readonly test: OrRefusal<TestResult>;
}

/**
 * Difference of two rates with the score test and interval of Miettinen and Nurminen, whose variance is that of
 * Pearson's test times N / (N - 1). The interval excludes 0 exactly when the test rejects at 1 - level. Refuses
 * `invalid_input` and `empty_arm`; the test warns `small_expected`. Miettinen & Nurminen (1985).
 */
export function miettinenNurminen(
  control: Count,
  treatment: Count,
  level: number,
): OrRefusal<ScoreComparison> {
  const difference = scoreDifference(control, treatment, level, 'n-1');
  if (isRefusal(difference)) return difference;
  return { difference, test: correctedScoreTest(control, treatment) };
}

export const miettinenNurminenMethod = {
  id: 'proportion.miettinen_nurminen',
  title: 'Difference of two rates with the score test and interval of Miettinen and Nurminen',
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Miettinen & Nurminen, Statistics in Medicine 4 (1985) 213',
  compute: miettinenNurminen,
} as const satisfies Method;
