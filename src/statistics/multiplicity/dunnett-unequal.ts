import { meanDifference, unfitForMeans, welchDf } from '../means/welch.js';
import { LEVEL, type Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import { meanVariance, type OutcomeSums } from '../sums.js';
import { againstControl, type AgainstControl, type SimultaneousComparisons } from './against-control.js';

/**
 * Dunnett's comparisons of means with one control for arms that need not spread alike: Welch's statistic and degrees of
 * freedom for each treatment, correlations from the arms' own variances; each comparison is judged by the distribution
 * with its own degrees of freedom. With one treatment it is Welch's test. The first arm is the control. Refusals as for
 * `dunnett`. Hasler & Hothorn (2008), Biometrical Journal 50.
 */
export function dunnettUnequal(
  arms: readonly OutcomeSums[],
  level: number,
): OrRefusal<SimultaneousComparisons> {
  const unfit = unfitForMeans(arms);
  if (unfit) return unfit;
  const [control, ...treatments] = arms;
  const comparisons = control ? treatments.map((treatment) => compare(control, treatment)) : [];
  return againstControl('multiplicity.dunnett_unequal', comparisons, level, []);
}

function compare(control: OutcomeSums, treatment: OutcomeSums): AgainstControl {
  const [vc, vt] = [meanVariance(control), meanVariance(treatment)];
  const difference = meanDifference(control, treatment);
  const df = vc + vt > 0 ? welchDf(vc, control.n, vt, treatment.n) : Infinity;
  return { difference, controlVariance: vc, treatmentVariance: vt, df };
}

export const dunnettUnequalMethod = {
  id: 'multiplicity.dunnett_unequal',
  title: 'Comparisons of means with a control, unequal variances',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Hasler & Hothorn (2008); Dunnett (1955)',
  compute: dunnettUnequal,
} as const satisfies Method;
