import { rateDifference, type Count } from '../count.js';
import { LEVEL, type Method } from '../method.js';
import { fewEvents, smoothedRateVariance } from '../proportions/smoothed-rate.js';
import { isRefusal, type OrRefusal } from '../result.js';
import { againstControl, withinUnit, type SimultaneousComparisons } from './against-control.js';
import { unfitRates } from './pairs.js';

/**
 * Dunnett's comparisons of the rates of all treatments with one control: z statistics with the smoothed variances of
 * `smoothedRateVariance`, which give small and one-sided arms their due, and intervals within [-1, 1]. The first arm is
 * the control. Warns `few_events`. Refuses `invalid_input` (no treatment, impossible counts or level), `empty_arm` and
 * `no_variation` (nobody in any arm did it, or everybody). Dunnett (1955); Agresti & Caffo (2000).
 */
export function dunnettRates(arms: readonly Count[], level: number): OrRefusal<SimultaneousComparisons> {
  const unfit = unfitRates(arms);
  if (unfit) return unfit;
  const [control, ...treatments] = arms;
  const comparisons = treatments.map((treatment) => ({
    difference: control ? rateDifference(control, treatment) : NaN,
    controlVariance: control ? smoothedRateVariance(control) : NaN,
    treatmentVariance: smoothedRateVariance(treatment),
    df: Infinity,
  }));
  const answer = againstControl('multiplicity.dunnett_rates', comparisons, level, fewEvents(arms));
  if (isRefusal(answer)) return answer;
  return { ...answer, comparisons: answer.comparisons.map(withinUnit) };
}

export const dunnettRatesMethod = {
  id: 'multiplicity.dunnett_rates',
  title: "Dunnett's comparisons of rates with a control",
  needs: ['n', 'nonZero'],
  parameters: [LEVEL],
  reference: 'Dunnett (1955); Agresti & Caffo (2000)',
  compute: dunnettRates,
} as const satisfies Method;
