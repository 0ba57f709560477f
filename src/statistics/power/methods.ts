import { sampleSizeProportionsMethod } from './sample-size.js';
import type { Method } from '../method.js';

export const powerMethods: readonly Method[] = [sampleSizeProportionsMethod];
