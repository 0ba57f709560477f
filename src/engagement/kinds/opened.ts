import type { EventKind } from '../event.js';

/** Pictures were loaded. By a machine as often as by a human: the class says which, as far as can be told. */
export const opened: EventKind = {
  type: 'opened',
  of: 'message',
  carries: ['class'],
  proves: ['sent', 'delivered'],
};
