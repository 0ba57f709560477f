import { heterogeneity } from '../cohorts/heterogeneity.js';
import type { Method } from '../method.js';
import { isRefusal, refuse, type OrRefusal, type ValueWithSe } from '../result.js';
import type { NormalPrior } from './normal.js';

/** With fewer past tests their spread is too uncertain to believe in. */
const LEAST_TESTS = 20;

/**
 * A normal prior for the effect of the next test from those of at least 20 past tests of the same account, all of the
 * same kind (uplifts, or differences of one metric) and all of them, not only the published ones: mean and standard
 * deviation of the true effects, with the variance between tests by Paule & Mandel (1982). Refuses `too_few`,
 * `invalid_input` and `no_variation` (the effects differ no more than chance makes them: no spread to be learnt, take a
 * default prior). Efron & Morris (1975).
 */
export function priorFromTests(tests: readonly ValueWithSe[]): OrRefusal<NormalPrior> {
  if (tests.length < LEAST_TESTS)
    return refuse('too_few', 'A prior needs the effects of at least 20 past tests.');
  const pooled = heterogeneity(tests);
  if (isRefusal(pooled)) return pooled;
  if (pooled.tauSquared === 0) {
    return refuse('no_variation', 'The effects of the past tests differ no more than chance makes them.');
  }
  return { mean: pooled.random.value, sd: Math.sqrt(pooled.tauSquared) };
}

export const priorFromTestsMethod = {
  id: 'bayes.prior_from_tests',
  title: 'Normal prior from the effects of past tests',
  needs: ['effects'],
  parameters: [],
  reference: 'Paule & Mandel (1982); Efron & Morris (1975)',
  compute: priorFromTests,
} as const satisfies Method;
