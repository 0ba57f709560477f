import type { Method } from '../method.js';
import { adjustedContrastMethod } from './adjusted-contrast.js';
import { adjustedJointContrastsMethod } from './adjusted-joint-contrasts.js';
import { adjustedMeansMethod } from './adjusted-means.js';
import { adjustedRatiosMethod } from './adjusted-ratios.js';
import { adjustedRowsMethod } from './adjusted-rows.js';
import { adjustedUpliftMethod } from './adjusted-uplift.js';
import { covariateBalanceMethod } from './balance.js';

export const adjustmentMethods: readonly Method[] = [
  adjustedMeansMethod,
  adjustedContrastMethod,
  adjustedJointContrastsMethod,
  adjustedUpliftMethod,
  adjustedRatiosMethod,
  adjustedRowsMethod,
  covariateBalanceMethod,
];
