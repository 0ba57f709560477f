import type { Method } from '../method.js';

export const policyMethods: readonly Method[] = [];
