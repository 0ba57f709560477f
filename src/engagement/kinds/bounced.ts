import type { EventKind } from '../event.js';

/** The message came back. */
export const bounced: EventKind = { type: 'bounced', of: 'message', carries: [], proves: ['sent'] };
