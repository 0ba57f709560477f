import { z } from 'zod';

import type { SlotValues } from './experiment.js';
import { text } from './text.js';

export const maxSlots = 50;
export const maxSlotLength = 20_000;

/** True for a slot that a mail could not show: it counts as left out. */
export function isBlank(content: string): boolean {
  return content.trim() === '';
}

const name = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,63}$/,
    'must be a slot name: a small letter, then up to 63 small letters, digits or underscores',
  );

/** What may stand in a slot. */
export const slotContentSchema = text(maxSlotLength).refine((value) => !isBlank(value), {
  message: 'is blank, and a blank slot is never delivered: write its content or remove the slot',
});

const reference = z.strictObject(
  {
    content: z
      .string('must name a content of the library, as in "vip-offer" or "vip-offer@2"')
      .regex(
        /^[a-z0-9][a-z0-9._-]{0,127}(@[1-9]\d{0,8})?$/,
        'must name a content of the library, as in "vip-offer" or "vip-offer@2"',
      ),
  },
  'must be a text, or {"content": "vip-offer"} for a content of the library',
);

/** Content by slot name as a sender writes it: in strategies, levels and fallbacks alike. */
export const slotsSchema: z.ZodType<SlotValues> = z
  .record(name, z.union([slotContentSchema, reference]), {
    error: 'must be an object of contents by slot name, as in {"subject": "Hello"}',
  })
  .refine((slots) => Object.keys(slots).length > 0, { message: 'must set at least one slot' })
  .refine((slots) => Object.keys(slots).length <= maxSlots, {
    message: `must set at most ${maxSlots} slots`,
  })
  .describe('Content by slot name, such as subject, headline, offer.');
