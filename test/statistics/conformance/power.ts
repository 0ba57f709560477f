import { detectableRate, powerProportions } from '../../../src/statistics/power/power-proportions.js';
import { isRefusal } from '../../../src/statistics/result.js';
import { sampleSizeProportions } from '../../../src/statistics/power/sample-size.js';
import type { Adapters } from './adapter.js';

export const powerAdapters: Adapters = {
  'power.prop': { covers: ['plan.sample_size'], run: powerOfProportions },
  'power.prop_unequal': {
    covers: ['plan.sample_size'],
    run: (input: { p1: number; p2: number; ratio: number; alpha: number; power: number }) => {
      const result = sampleSizeProportions({ ...input, baseline: input.p1, treatment: input.p2 });
      return isRefusal(result) ? {} : { n_control: result.control, n_treatment: result.treatment };
    },
  },
};

function powerOfProportions(input: {
  p1: number;
  p2?: number;
  n?: number;
  power?: number;
  alpha: number;
}): Record<string, unknown> {
  const { p1: baseline, p2: treatment, n, power, alpha } = input;
  if (n !== undefined && treatment !== undefined)
    return { power: powerProportions({ baseline, treatment, n, alpha }) };
  if (n !== undefined) return { p2: detectableRate({ baseline, n, alpha, power: power! }) };
  const sizes = sampleSizeProportions({ baseline, treatment: treatment!, alpha, power: power! });
  return { n: isRefusal(sizes) ? undefined : sizes.control };
}
