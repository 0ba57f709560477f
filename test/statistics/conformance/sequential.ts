import type { Adapters } from './adapter.js';

export const sequentialAdapters: Adapters = {};
