import { confidenceSequenceMethod } from './confidence-sequence.js';
import { msprtMethod } from './msprt.js';
import type { Method } from '../method.js';

export const sequentialMethods: readonly Method[] = [confidenceSequenceMethod, msprtMethod];
