import type { Adapters } from './adapter.js';

export const ratioAdapters: Adapters = {};
