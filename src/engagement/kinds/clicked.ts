import type { EventKind } from '../email-event.js';

/** A link was followed. Who follows a link has the message open, even where its pictures were never loaded. */
export const clicked: EventKind = {
  type: 'clicked',
  carries: ['class', 'url'],
  stations: (event) =>
    event.class === 'human' ? ['clickedAt', 'openedAt', 'humanOpenedAt'] : ['clickedAt', 'openedAt'],
};
