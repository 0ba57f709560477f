import type { Method } from '../method.js';
import { cohortSrmMethod } from './cohort-srm.js';
import { funnelEdgesMethod } from './funnel.js';
import { sequentialSrmMethod } from './sequential-srm.js';
import { srmMethod, srmExactMethod } from './srm.js';

export const srmMethods: readonly Method[] = [
  srmMethod,
  srmExactMethod,
  sequentialSrmMethod,
  cohortSrmMethod,
  funnelEdgesMethod,
];
