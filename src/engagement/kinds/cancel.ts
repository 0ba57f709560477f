import type { EventKind } from '../event.js';

/** An order was cancelled: it no longer counts, and its money is subtracted. */
export const cancel: EventKind = { type: 'cancel', of: 'either', carries: ['order'], proves: [] };
