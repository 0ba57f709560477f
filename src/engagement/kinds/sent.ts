import type { EventKind } from '../email-event.js';

/** The message left for the recipient. Its time opens the attribution window. */
export const sent: EventKind = { type: 'sent', carries: [], stations: () => ['sentAt'] };
