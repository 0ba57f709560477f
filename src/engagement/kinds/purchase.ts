import type { EventKind } from '../event.js';

/** The recipient bought something. Every purchase is a conversion; both reported under one order id are one order. */
export const purchase: EventKind = {
  type: 'purchase',
  of: 'either',
  carries: ['value', 'order', 'item', 'category', 'url'],
  proves: ['converted'],
};
