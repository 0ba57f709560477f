import type { Method } from '../method.js';

export const adjustmentMethods: readonly Method[] = [];
