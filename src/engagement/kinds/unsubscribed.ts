import type { EventKind } from '../email-event.js';

export const unsubscribed: EventKind = {
  type: 'unsubscribed',
  carries: [],
  stations: () => ['unsubscribedAt'],
};
