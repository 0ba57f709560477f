import type { EventKind } from '../email-event.js';

/** The recipient marked the message as spam. */
export const complained: EventKind = { type: 'complained', carries: [], stations: () => ['complainedAt'] };
