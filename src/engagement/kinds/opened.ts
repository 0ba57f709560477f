import type { EventKind } from '../email-event.js';

/** Pictures were loaded. By a machine as often as by a human: the class says which, as far as can be told. */
export const opened: EventKind = {
  type: 'opened',
  carries: ['class'],
  stations: (event) => (event.class === 'human' ? ['openedAt', 'humanOpenedAt'] : ['openedAt']),
};
