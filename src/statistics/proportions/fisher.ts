import { impossibleCounts, type Count } from '../count.js';
import type { Method } from '../method.js';
import { firstWhole } from '../numerics/first-whole.js';
import { logSum } from '../numerics/log-sum.js';
import type { OrRefusal, TestResult } from '../result.js';
import { ALTERNATIVE, impossibleAlternative, type Alternative } from './alternative.js';
import { tooManyTables, tooManyToCount } from './exact-limit.js';
import {
  aroundMean,
  logAtLeast,
  logProbability,
  seenFromOther,
  splitOf,
  tablesDownTo,
  type Split,
} from './hypergeometric.js';

/** Tables whose probability is within this factor of the observed one count as equally likely (R's rule). */
const TIE = Math.log1p(1e-7);

/**
 * Fisher's exact test of two equal rates: given how many did it in both arms together, the summed probability of all
 * tables no likelier than the observed one ('two_sided', R's rule, not the doubled tail), or of those with as many or
 * more ('greater'), or fewer ('less'), successes in the treatment arm. `statistic` is that number of successes. Digits
 * hold in arms of 1e10; takes a step per table that counts. Where nobody or everybody did it there is but one table,
 * and p is 1 with certainty. Much stricter than its level in small tables: see `fisherMidP`. Refuses `invalid_input`,
 * `empty_arm` and `too_many`. Fisher (1935).
 */
export function fisher(
  control: Count,
  treatment: Count,
  alternative: Alternative = 'two_sided',
): OrRefusal<TestResult> {
  const arms = [control, treatment] as const;
  const impossible =
    impossibleAlternative(alternative) ??
    impossibleCounts(arms) ??
    tooManyToCount(arms) ??
    tooManyTables(...arms);
  if (impossible) return impossible;
  const logP = Math.min(0, logPOf(splitOf(treatment, control), alternative)) + 0;
  const statistic = Number(treatment.successes);
  return {
    method: 'proportion.fisher',
    statistic,
    df: [],
    p: Math.exp(logP),
    logP,
    warnings: [],
  };
}

function logPOf(treatment: Split, alternative: Alternative): number {
  if (alternative === 'greater') return logAtLeast(treatment);
  if (alternative === 'less') return logAtLeast(seenFromOther(treatment));
  const leads = treatment.x >= aroundMean(treatment).above;
  return logTwoSided(leads ? treatment : seenFromOther(treatment));
}

/** The observed x at or above the mean. Probabilities fall from the mean to both sides, so the tables are two tails. */
function logTwoSided(observed: Split): number {
  const limit = logProbability(observed) + TIE;
  const at = (x: number): Split => ({ ...observed, x });
  const counts = (x: number) => logProbability(at(x)) <= limit;
  const { below, above } = aroundMean(observed);
  const least = Math.max(0, observed.total - observed.m);
  const first = counts(above) ? above : firstWhole(counts, above, observed.x);
  const last = counts(below) ? below : -firstWhole((x) => counts(-x), -below, 1 - least);
  if (last >= first - 1) return 0;
  const upper = logAtLeast(at(first));
  const lower = last < least ? -Infinity : logAtLeast(seenFromOther(at(last)));
  const tails = logSum(upper, lower);
  if (tails < -Math.LN2) return tails;
  // Close to 1 the tables that do not count say more.
  const middle = at(first - 1);
  return Math.log1p(-Math.exp(logProbability(middle)) * tablesDownTo(middle, last + 1));
}

export const fisherMethod = {
  id: 'proportion.fisher',
  title: "Fisher's exact test of two rates",
  needs: ['n', 'nonZero'],
  parameters: [ALTERNATIVE],
  reference:
    'Fisher (1935); Agresti, Categorical Data Analysis, 3rd ed. (2013), 3.5; tie rule of R, fisher.test',
  compute: fisher,
} as const satisfies Method;
