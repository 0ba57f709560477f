import { z } from 'zod';
import { readWith } from '../../../experiments/read-with.js';
import { refuseToFit } from '../check-fit.js';
import type { Estimator } from '../estimator.js';
import { fitLinear, linearFromJson } from './linear-model.js';

const settingsSchema = z.strictObject({}, 'least_squares has no settings');

/** Ordinary least squares on 0 and 1: a linear probability model. */
export const leastSquares: Estimator<Record<string, never>> = {
  name: 'least_squares',
  summary:
    'A weighted sum of the columns that is nearest to the labels; scores rank well and may lie outside 0 and 1.',
  parse: (settings) => readWith(settingsSchema, settings ?? {}),
  fit(table, labels, _settings, _seed, options) {
    const unfit = refuseToFit(table, labels, options);
    if (unfit) return unfit;
    const fitted = fitLinear(table, Float64Array.from(labels), options?.weights);
    options?.tell?.(1, 1);
    return fitted;
  },
  fromJSON: linearFromJson,
};
