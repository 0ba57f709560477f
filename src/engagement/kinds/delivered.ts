import type { EventKind } from '../event.js';

/** The receiving server took the message. When it was sent is not concluded from it, only that it was. */
export const delivered: EventKind = { type: 'delivered', of: 'message', carries: [], proves: ['sent'] };
