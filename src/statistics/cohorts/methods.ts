import { heterogeneityMethod } from './heterogeneity.js';
import { cohortRatesMethod } from './cohort-rates.js';
import type { Method } from '../method.js';

export const cohortsMethods: readonly Method[] = [heterogeneityMethod, cohortRatesMethod];
