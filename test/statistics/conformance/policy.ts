import type { Adapters } from './adapter.js';

export const policyAdapters: Adapters = {};
