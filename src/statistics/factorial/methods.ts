import {
  rateContrastMethod,
  meanContrastMethod,
  jointRateContrastsMethod,
  jointMeanContrastsMethod,
} from './contrast.js';
import { factorialLinearMethod } from './linear.js';
import { factorialLogitMethod } from './logit.js';
import { marginalEffectsMethod } from './marginal-effects.js';
import type { Method } from '../method.js';

export const factorialMethods: readonly Method[] = [
  rateContrastMethod,
  meanContrastMethod,
  jointRateContrastsMethod,
  jointMeanContrastsMethod,
  factorialLogitMethod,
  marginalEffectsMethod,
  factorialLinearMethod,
];
