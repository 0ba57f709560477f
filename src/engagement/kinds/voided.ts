import type { EventKind } from '../event.js';

/** An event was reported by mistake and is taken back. To correct one, take it back and report it anew under another id. */
export const voided: EventKind = { type: 'void', of: 'either', carries: ['target'], proves: [] };
