import type { EventKind } from '../event.js';

/** The message left for the recipient. Its time opens the attribution window. */
export const sent: EventKind = { type: 'sent', of: 'message', carries: [], proves: [] };
