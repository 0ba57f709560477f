import type { EventKind } from '../event.js';

/** Money went back: the value as a positive amount, or the whole order where there is none. */
export const refund: EventKind = { type: 'refund', of: 'either', carries: ['value', 'order'], proves: [] };
