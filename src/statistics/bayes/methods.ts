import type { Method } from '../method.js';
import { betaBinomialMultiMethod } from './beta-binomial-multi.js';
import { betaBinomialMethod } from './beta-binomial.js';
import { betaPriorFromRateMethod } from './beta-prior.js';
import { normalMethod } from './normal.js';

export const bayesMethods: readonly Method[] = [
  betaBinomialMethod,
  betaBinomialMultiMethod,
  normalMethod,
  betaPriorFromRateMethod,
];
