import type { Method } from '../method.js';

export const sequentialMethods: readonly Method[] = [];
