import { impossibleLevel } from '../confidence.js';
import { studentT } from '../distributions/student-t.js';
import { LEVEL, type Method } from '../method.js';
import { refuse, type Estimate, type OrRefusal } from '../result.js';
import { pauleMandel } from './between-variance.js';
import { pool, unfitEffects, type CohortEffect } from './pool.js';

/**
 * Where the true effect of a further cohort of the same kind may lie: the mean of the effects, and t with k - 2 degrees
 * of freedom times the square root of tau² plus the mean's variance. `se` is that square root. Refuses `too_few` (under
 * three cohorts) and `invalid_input`. Higgins, Thompson & Spiegelhalter (2009), with Paule & Mandel's tau².
 */
export function predictionInterval(effects: readonly CohortEffect[], level: number): OrRefusal<Estimate> {
  const unfit = impossibleLevel(level) ?? unfitEffects(effects, 3);
  if (unfit) return unfit;
  const tauSquared = pauleMandel(effects);
  const { value, se: ofMean } = pool(effects, tauSquared);
  const se = Math.sqrt(tauSquared + ofMean * ofMean);
  const half = studentT.isf((1 - level) / 2, effects.length - 2) * se;
  if (!Number.isFinite(half)) {
    return refuse('invalid_input', 'The effects and standard errors are too far apart to be compared.');
  }
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}

export const predictionIntervalMethod = {
  id: 'cohort.prediction_interval',
  title: 'Where the effect in a further cohort may lie',
  needs: ['effects'],
  parameters: [LEVEL],
  reference: 'Higgins, Thompson & Spiegelhalter (2009)',
  compute: predictionInterval,
} as const satisfies Method;
