import type { Adapters } from './adapter.js';

export const bayesAdapters: Adapters = {};
