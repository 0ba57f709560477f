import type { Method } from '../method.js';
import { betweenVarianceMethod } from './between-variance.js';
import { cmhMethod } from './cmh.js';
import { cohortRatesMethod } from './cohort-rates.js';
import { heterogeneityMethod } from './heterogeneity.js';
import { poststratifiedMeansMethod, poststratifiedRatesMethod } from './poststratified.js';
import { predictionIntervalMethod } from './prediction-interval.js';
import { effectTrendMethod } from './trend.js';
import { overlappingCohortsMethod, versusRestMethod } from './versus-rest.js';

export const cohortsMethods: readonly Method[] = [
  heterogeneityMethod,
  betweenVarianceMethod,
  predictionIntervalMethod,
  cohortRatesMethod,
  versusRestMethod,
  overlappingCohortsMethod,
  cmhMethod,
  poststratifiedRatesMethod,
  poststratifiedMeansMethod,
  effectTrendMethod,
];
