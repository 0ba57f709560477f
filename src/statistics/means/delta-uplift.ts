import { normal } from '../distributions/normal.js';
import { LEVEL, type Method } from '../method.js';
import { isRefusal, refuse, type EstimateWithSe, type OrRefusal } from '../result.js';
import { mean, meanVariance, type OutcomeSums } from '../sums.js';
import { meanUplift } from './fieller.js';
import { welch } from './welch.js';

/**
 * Uplift of a mean with the symmetric delta-method interval that other tools show: u ± z √(vt/nt + (1 + u)² vc/nc) /
 * |mc|. For comparison only: it misses mostly on one side, and can contradict Welch's test. Refuses what `welch`
 * refuses, and `baseline_zero` when the control mean is 0. Deng, Knoblich & Lu (2018).
 */
export function meanDeltaUplift(
  control: OutcomeSums,
  treatment: OutcomeSums,
  level: number,
): OrRefusal<EstimateWithSe> {
  const result = welch(control, treatment, level);
  if (isRefusal(result)) return result;
  if (control.sum === 0n) {
    return refuse('baseline_zero', 'The control mean is zero, so an uplift over it has no meaning.');
  }
  const base = Math.abs(mean(control));
  const relative = mean(treatment) / base;
  const value = meanUplift(control, treatment);
  const se = Math.hypot(
    Math.sqrt(meanVariance(treatment)) / base,
    (relative * Math.sqrt(meanVariance(control))) / base,
  );
  const half = normal.isf((1 - level) / 2) * se;
  return { value, se, interval: { lower: value - half, upper: value + half, level } };
}

export const meanDeltaUpliftMethod = {
  id: 'mean.delta_uplift',
  title: 'Uplift of a mean with delta-method interval (for comparison)',
  needs: ['n', 'sum', 'sumSquares'],
  parameters: [LEVEL],
  reference: 'Deng, Knoblich & Lu (2018)',
  compute: meanDeltaUplift,
} as const satisfies Method;
