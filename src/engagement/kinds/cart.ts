import type { EventKind } from '../event.js';

/** The recipient put something into the cart. */
export const cart: EventKind = {
  type: 'cart',
  of: 'either',
  carries: ['item', 'category', 'url', 'value'],
  proves: [],
};
