import { unfitForMeans, meanDifference } from '../means/welch.js';
import { LEVEL, type Method } from '../method.js';
import type { OrRefusal } from '../result.js';
import type { OutcomeSums } from '../sums.js';
import { againstControl, type AgainstControl, type SimultaneousComparisons } from './against-control.js';
import { pooledVariance, spreadOf, unfitMoments, type ArmMoments } from './arm-moments.js';

/**
 * Dunnett's comparisons of the means of all treatments with one control, with the variance pooled over all arms and its
 * total degrees of freedom: exact for normal outcomes that spread alike. Arms of different spread are what
 * `dunnettUnequal` is for. The first arm is the control. Adjusted p-values and intervals as in `againstControl`.
 * Refuses `invalid_input` (no treatment, impossible sums or level), `empty_arm`, `too_few` (one recipient) and
 * `no_variation`. Dunnett (1955).
 */
export function dunnett(arms: readonly OutcomeSums[], level: number): OrRefusal<SimultaneousComparisons> {
  const unfit = unfitForMeans(arms);
  if (unfit) return unfit;
  const [control, ...treatments] = arms;
  const differences = control ? treatments.map((treatment) => meanDifference(control, treatment)) : [];
  return againstControl('multiplicity.dunnett', withPooled(arms.map(spreadOf), differences), level, []);
}

/** `dunnett` from sizes, means and sample variances of the arms, the control first. */
export function dunnettFromMoments(
  arms: readonly ArmMoments[],
  level: number,
): OrRefusal<SimultaneousComparisons> {
  const unfit = unfitMoments(arms);
  if (unfit) return unfit;
  const [control, ...treatments] = arms;
  const differences = treatments.map(({ mean }) => mean - (control?.mean ?? NaN));
  return againstControl('multiplicity.dunnett', withPooled(arms, differences), level, []);
}

function withPooled(
  arms: readonly { readonly n: number; readonly variance: number }[],
  differences: readonly number[],
): AgainstControl[] {
  const { df, pooled } = pooledVariance(arms);
  const controlVariance = pooled / (arms[0]?.n ?? NaN);
  return differences.map((difference, i) => {
    return { difference, controlVariance, treatmentVariance: pooled / (arms[i + 1]?.n ?? NaN), df };
  });
}

export const dunnettMethod = {
  id: 'multiplicity.dunnett',
  title: "Dunnett's comparisons of means with a control",
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Dunnett (1955)',
  compute: dunnett,
} as const satisfies Method;
