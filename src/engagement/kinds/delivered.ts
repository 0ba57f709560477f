import type { EventKind } from '../email-event.js';

/** The receiving server took the message. That it was sent is not concluded: the time of sending is unknown. */
export const delivered: EventKind = { type: 'delivered', carries: [], stations: () => ['deliveredAt'] };
