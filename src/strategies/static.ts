import { z } from 'zod';

import type { SlotValues } from '../experiments/experiment.js';
import { readWith } from '../experiments/read-with.js';
import { slotsSchema } from '../experiments/slots.js';
import type { Choice, StrategyKind } from './strategy.js';
import { contentsOf, resolveSlots } from './strategy.js';

/** `{"kind": "static", "slots": {"subject": "…"}}` */
export interface StaticDefinition {
  readonly kind: 'static';
  readonly slots: SlotValues;
}

const schema = z.strictObject(
  { kind: z.literal('static', 'must be "static"'), slots: slotsSchema },
  'must be an object with kind and slots',
);

/** The same content for everyone. */
export const staticKind: StrategyKind<StaticDefinition> = {
  kind: 'static',
  summary: 'Delivers the same content to everyone.',
  parse: (definition) => readWith(schema, definition),
  needs: () => ({ types: [] }),
  readsTraits: () => [],
  readsFeatures: () => [],
  references: ({ slots }) => ({ contents: contentsOf(slots), segments: [], items: [], catalogue: false }),
  mayDecline: () => false,
  slotNames: ({ slots }) => Object.keys(slots),
  prepare({ slots }, { contents }) {
    const choice: Choice = { slots: resolveSlots(slots, contents), reason: 'static', probability: 1 };
    return { decide: () => choice, trace: () => ({ everyone: true }) };
  },
};
