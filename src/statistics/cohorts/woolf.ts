import { chiSquaredTest } from '../chi-squared-test.js';
import type { TestResult } from '../result.js';
import type { RatePair } from './cohort-rates.js';
import { generalizedQ, type CohortEffect } from './pool.js';

/**
 * Woolf's (1955) test of one odds ratio for all cohorts: Cochran's Q of their log odds ratios, with half a recipient
 * added to every cell (Haldane 1956, Anscombe 1956), so that a cell without anybody has an answer too. Needs two
 * cohorts.
 */
export function woolf(cohorts: readonly RatePair[]): TestResult {
  return chiSquaredTest('cohort.cmh', generalizedQ(cohorts.map(logOddsRatio), 0), cohorts.length - 1);
}

function logOddsRatio({ control, treatment }: RatePair): CohortEffect {
  const cell = (recipients: bigint) => Number(recipients) + 0.5;
  const [yes1, no1] = [cell(treatment.successes), cell(treatment.n - treatment.successes)];
  const [yes0, no0] = [cell(control.successes), cell(control.n - control.successes)];
  const value = Math.log(yes1 / no1) - Math.log(yes0 / no0);
  return { value, se: Math.sqrt(1 / yes1 + 1 / no1 + 1 / yes0 + 1 / no0) };
}
