import type { Method } from '../method.js';

export const bayesMethods: readonly Method[] = [];
