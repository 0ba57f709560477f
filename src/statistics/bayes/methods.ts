import type { Method } from '../method.js';
import { betaBinomialMultiMethod } from './beta-binomial-multi.js';
import { betaBinomialMethod } from './beta-binomial.js';
import { betaPriorFromRateMethod } from './beta-prior.js';
import { normalMethod } from './normal.js';
import { priorFromTestsMethod } from './prior-from-tests.js';
import { upliftPosteriorMethod } from './uplift-posterior.js';

export const bayesMethods: readonly Method[] = [
  betaBinomialMethod,
  betaBinomialMultiMethod,
  upliftPosteriorMethod,
  normalMethod,
  betaPriorFromRateMethod,
  priorFromTestsMethod,
];
