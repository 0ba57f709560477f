import type { EventKind } from '../event.js';

/** The recipient marked the message as spam. */
export const complained: EventKind = { type: 'complained', of: 'either', carries: [], proves: [] };
