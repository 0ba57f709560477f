import type { Method } from '../method.js';
import { aliasMethod } from './alias.js';
import {
  rateContrastMethod,
  meanContrastMethod,
  jointRateContrastsMethod,
  jointMeanContrastsMethod,
} from './contrast.js';
import { factorialMeanEffectsMethod, factorialRateEffectsMethod } from './effects.js';
import { fractionMeanEffectsMethod, fractionRateEffectsMethod } from './fraction-effects.js';
import { factorialLinearMethod } from './linear.js';
import { factorialLogitMethod } from './logit.js';
import { marginalEffectsMethod } from './marginal-effects.js';
import { interactionScalesMethod } from './scales.js';

export const factorialMethods: readonly Method[] = [
  rateContrastMethod,
  meanContrastMethod,
  jointRateContrastsMethod,
  jointMeanContrastsMethod,
  factorialRateEffectsMethod,
  factorialMeanEffectsMethod,
  factorialLogitMethod,
  marginalEffectsMethod,
  interactionScalesMethod,
  factorialLinearMethod,
  aliasMethod,
  fractionRateEffectsMethod,
  fractionMeanEffectsMethod,
];
