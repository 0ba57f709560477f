import type { Adapters } from './adapter.js';

export const adjustmentAdapters: Adapters = {};
