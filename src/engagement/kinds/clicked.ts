import type { EventKind } from '../event.js';

/** A link was followed. Who follows a link has the message open, even where its pictures were never loaded. */
export const clicked: EventKind = {
  type: 'clicked',
  of: 'message',
  carries: ['class', 'url', 'item', 'category'],
  proves: ['sent', 'delivered', 'opened'],
};
