import type { EventKind } from '../email-event.js';

/** The message came back. */
export const bounced: EventKind = { type: 'bounced', carries: [], stations: () => ['bouncedAt'] };
