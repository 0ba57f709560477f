import { z } from 'zod';

import { eventClasses, eventTypes } from '../../experiments/experiment.js';
import { text } from '../../experiments/text.js';
import { eventMeasures } from './condition.js';
import { parseWrittenTime } from './date-test.js';
import { parseWindow } from './window.js';

/** Other words for the four comparisons of size; in the canonical form the right ones stand. */
export const spellings = { more_than: 'gt', at_least: 'gte', fewer_than: 'lt', at_most: 'lte' } as const;

const orderOps = ['gt', 'gte', 'lt', 'lte', 'more_than', 'at_least', 'fewer_than', 'at_most'] as const;
const valueOps =
  'eq, ne, in, not_in, gt, gte, lt, lte (or more_than, at_least, fewer_than, at_most), between, exists, missing, contains, starts_with, ends_with, matches';

const maxListLength = 1_000;
const maxPatternLength = 100;
export const maxFilters = 20;

const operand = text(1_000);
const number = z.number('must be a number, without quotes: texts have no order here');
const scalar = z.union(
  [operand, number, z.boolean()],
  'must be a text of at most 1000 characters, a finite number, true or false',
);
const list = z
  .array(scalar, 'must be a list, as in ["AT", "DE"]')
  .min(1, 'must not be empty')
  .max(maxListLength, `must have at most ${maxListLength} entries`);
const range = z
  .tuple([number, number], 'must be two numbers, as in [18, 30]')
  .refine(([low, high]) => low <= high, 'must have the smaller number first, or nothing lies between');
const part = operand.min(1, 'must not be empty: every text contains an empty one');
const pattern = text(maxPatternLength).min(
  1,
  'must not be empty: write * for any text and ? for any one character',
);
const date = text(40).refine(
  (value) => parseWrittenTime(value) !== undefined,
  'must be a date such as 2026-03-01, or a time such as 2026-03-01T10:00:00Z',
);
const windowMistake =
  'must be a length such as "12h", "30d" or "3mo": up to 9999 hours or days, or 327 calendar months';
const window = text(8)
  .regex(/^[1-9]\d{0,3}(h|d|mo)$/, { error: windowMistake, abort: true })
  .refine((value) => parseWindow(value) !== undefined, windowMistake);

/** A name that people gave: of a trait or of a property of an event. */
function name(of: string) {
  return text(64)
    .min(1, `must name ${of}`)
    .refine((value) => value !== '__proto__', `is not a name that ${of} can have`);
}

/** One look at the value of `place`, in every form there is. */
function valueTests<Place extends string>(place: Place, schema: z.ZodType<string>) {
  const at = { [place]: schema } as Record<Place, typeof schema>;
  return [
    z.strictObject({ ...at, op: z.enum(['exists', 'missing']) }),
    z.strictObject({ ...at, op: z.enum(['eq', 'ne']), value: scalar }),
    z.strictObject({ ...at, op: z.enum(['in', 'not_in']), value: list }),
    z.strictObject({ ...at, op: z.enum(orderOps), value: number }),
    z.strictObject({ ...at, op: z.literal('between'), value: range }),
    z.strictObject({ ...at, op: z.enum(['contains', 'starts_with', 'ends_with']), value: part }),
    z.strictObject({ ...at, op: z.literal('matches'), value: pattern }),
  ] as const;
}

const trait = name('a trait');

export const traitLeafSchema = z.discriminatedUnion(
  'op',
  [
    ...valueTests('trait', trait),
    z.strictObject({ trait, op: z.enum(['before', 'after']), value: date }),
    z.strictObject({ trait, op: z.literal('within_last'), value: window }),
  ],
  `must be one of ${valueOps}, before, after, within_last`,
);

export const featureLeafSchema = z.discriminatedUnion(
  'op',
  [...valueTests('feature', text(300).min(1, 'must name a feature'))],
  `must be one of ${valueOps}`,
);

const filterSchema = z.discriminatedUnion(
  'op',
  [...valueTests('property', name('a property'))],
  `must be one of ${valueOps}`,
);

export const segmentLeafSchema = z.strictObject({
  segment: z
    .string('must name a segment, as in "eu-customers" or "eu-customers@2"')
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,127}(@[1-9]\d{0,8})?$/,
      'must name a segment, as in "eu-customers" or "eu-customers@2"',
    ),
});

/** Voided events never happened, so that nobody can ask for them. */
const askable = eventTypes.filter((type) => type !== 'void');

export const eventLeafSchema = z.strictObject({
  event: z.enum(askable, `must be one of ${askable.join(', ')}`),
  where: z
    .array(filterSchema, 'must be a list, as in [{"property": "item", "op": "eq", "value": "X"}]')
    .max(maxFilters, `must have at most ${maxFilters} filters`)
    .optional(),
  classes: z
    .array(z.enum(eventClasses, `must be one of ${eventClasses.join(', ')}`), 'must be a list of classes')
    .min(1, 'must not be empty: leave it out for people only')
    .max(eventClasses.length, 'must name each class at most once')
    .optional(),
  measure: z.enum(eventMeasures, `must be one of ${eventMeasures.join(', ')}`).optional(),
  property: name('a property').optional(),
  currency: z
    .string('must be a currency')
    .regex(/^[A-Z]{3}$/, 'must be a currency as three capital letters (ISO 4217), such as USD')
    .optional(),
  op: z
    .enum(
      ['eq', 'ne', ...orderOps, 'between'],
      'must be one of eq, ne, gt, gte, lt, lte (or more_than, at_least, fewer_than, at_most), between',
    )
    .optional(),
  value: z.union([number, range], 'must be a number, or two for between, as in [2, 5]').optional(),
  within: window.optional(),
});
export type WrittenEventLeaf = z.infer<typeof eventLeafSchema>;
