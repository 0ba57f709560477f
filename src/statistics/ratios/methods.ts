import type { Method } from '../method.js';

export const ratiosMethods: readonly Method[] = [];
