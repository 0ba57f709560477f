import {
  rateContrastMethod,
  meanContrastMethod,
  jointRateContrastsMethod,
  jointMeanContrastsMethod,
} from './contrast.js';
import type { Method } from '../method.js';

export const factorialMethods: readonly Method[] = [
  rateContrastMethod,
  meanContrastMethod,
  jointRateContrastsMethod,
  jointMeanContrastsMethod,
];
