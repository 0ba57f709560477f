import type { EventKind } from '../event.js';

/** The recipient looked at something in the shop. */
export const view: EventKind = {
  type: 'view',
  of: 'either',
  carries: ['item', 'category', 'url', 'value'],
  proves: [],
};
