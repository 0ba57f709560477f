import { holmMethod } from './holm.js';
import type { Method } from '../method.js';

export const multiplicityMethods: readonly Method[] = [holmMethod];
