import type { Method } from '../method.js';
import { durationMethod } from './duration.js';
import { listLimitMethod, smallestCohortMethod } from './list-limits.js';
import { sampleSizeMachineOpensMethod } from './machine-opens.js';
import { sampleSizeManyTreatmentsMethod } from './many-treatments.js';
import { sampleSizeNonInferiorityMethod } from './non-inferiority.js';
import { powerAnovaMethod, sampleSizeAnovaMethod } from './power-anova.js';
import {
  powerChiSquaredMethod,
  powerManyRatesMethod,
  sampleSizeChiSquaredMethod,
} from './power-chi-squared.js';
import { detectableEffectMethod, powerEffectMethod, sampleSizeEffectMethod } from './power-effect.js';
import { planFactorialMethod } from './power-factorial.js';
import { detectableDifferenceMethod, powerMeansMethod, sampleSizeMeansMethod } from './power-means.js';
import { detectableRateMethod, powerProportionsMethod } from './power-proportions.js';
import { sampleSizeProportionsMethod } from './sample-size.js';

export const powerMethods: readonly Method[] = [
  sampleSizeProportionsMethod,
  powerProportionsMethod,
  detectableRateMethod,
  sampleSizeMeansMethod,
  powerMeansMethod,
  detectableDifferenceMethod,
  sampleSizeEffectMethod,
  powerEffectMethod,
  detectableEffectMethod,
  planFactorialMethod,
  powerAnovaMethod,
  sampleSizeAnovaMethod,
  powerChiSquaredMethod,
  sampleSizeChiSquaredMethod,
  powerManyRatesMethod,
  sampleSizeManyTreatmentsMethod,
  sampleSizeNonInferiorityMethod,
  sampleSizeMachineOpensMethod,
  listLimitMethod,
  smallestCohortMethod,
  durationMethod,
];
