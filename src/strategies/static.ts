import { z } from 'zod';

import type { Slots } from '../experiments/experiment.js';
import { readWith } from '../experiments/read-with.js';
import { slotsSchema } from '../experiments/slots.js';
import type { StrategyKind } from './strategy.js';

/** `{"kind": "static", "slots": {"subject": "…"}}` */
export interface StaticState {
  readonly kind: 'static';
  readonly slots: Slots;
}

const schema = z.strictObject(
  { kind: z.literal('static', 'must be "static"'), slots: slotsSchema },
  'must be an object with kind and slots',
);

/** The same content for everyone. */
export const staticKind: StrategyKind<StaticState> = {
  kind: 'static',
  summary: 'Delivers the same content to everyone.',
  parse: (definition) => readWith(schema, definition),
  decide: (_profile, state) => ({ slots: state.slots, reason: 'static', probability: 1 }),
  mayDecline: () => false,
  slotNames: (state) => Object.keys(state.slots),
};
