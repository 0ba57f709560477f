import type { EventKind } from '../event.js';

/** The recipient did what the campaign is for. A negative value is a refund, and no conversion of its own. */
export const converted: EventKind = {
  type: 'converted',
  of: 'either',
  carries: ['value', 'order', 'item', 'category', 'url'],
  proves: [],
};
