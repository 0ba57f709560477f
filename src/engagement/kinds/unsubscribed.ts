import type { EventKind } from '../event.js';

/** The recipient wants no more e-mail. */
export const unsubscribed: EventKind = { type: 'unsubscribed', of: 'either', carries: [], proves: [] };
