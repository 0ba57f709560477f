import { z } from 'zod';
import { durationSchema } from './draft-fields.js';
import { formatDuration, parseDuration } from './duration.js';
import type { Eligibility } from './experiment.js';
import { text } from './text.js';

/** The filter as a sender writes it. */
export const eligibilitySchema = z
  .strictObject({
    inStock: z.literal(true, 'is true, or left out').optional().describe('Nothing whose stock is 0.'),
    priced: z.literal(true, 'is true, or left out').optional().describe('Nothing without a price.'),
    consent: text(64)
      .min(1)
      .optional()
      .describe('A trait that must be true; everybody else is shown no item at all.'),
    notBought: z
      .union([z.literal('ever'), durationSchema], 'must be "ever" or a duration such as "90d"')
      .optional()
      .describe('Nothing that the recipient has bought within this time, or ever.'),
    excludedCategories: z.array(text(200).min(1)).min(1).max(200).optional(),
  })
  .describe('What recipients may be shown of the catalogue: one filter for all arms.');

export type EligibilityDraft = z.output<typeof eligibilitySchema>;

export function toEligibility({ notBought, ...rest }: EligibilityDraft): Eligibility {
  if (notBought === undefined) return rest;
  return { ...rest, notBoughtMs: notBought === 'ever' ? 'ever' : (parseDuration(notBought) ?? 'ever') };
}

/** The filter as it would be written. */
export function eligibilityAsDraft({ notBoughtMs, ...rest }: Eligibility): EligibilityDraft {
  if (notBoughtMs === undefined) return rest as EligibilityDraft;
  const notBought = notBoughtMs === 'ever' ? 'ever' : formatDuration(notBoughtMs);
  return { ...rest, notBought } as EligibilityDraft;
}
