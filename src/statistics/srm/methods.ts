import { srmMethod, srmExactMethod } from './srm.js';
import type { Method } from '../method.js';

export const srmMethods: readonly Method[] = [srmMethod, srmExactMethod];
