import type { Method } from '../method.js';
import { honestPolicyMethod } from './honest-policy.js';
import { policyTreeMethod } from './policy-tree.js';
import { policyValueMethod } from './policy-value.js';

export const policyMethods: readonly Method[] = [policyValueMethod, policyTreeMethod, honestPolicyMethod];
