import type { EventKind } from '../event.js';

/** The recipient clicked on something in the shop; a click in the message is `clicked`. */
export const click: EventKind = {
  type: 'click',
  of: 'either',
  carries: ['item', 'category', 'url'],
  proves: [],
};
