import { z } from 'zod';
import { builtInNames } from './built-in-metrics.js';
import { durationSchema, keySchema, titleSchema } from './draft-fields.js';
import {
  counts,
  directions,
  eventClasses,
  eventTypes,
  filterOps,
  metricRoles,
  metricTypes,
  windowStarts,
} from './experiment.js';
import { text } from './text.js';

/** A metric as a sender writes it down: whole, as the name of a built-in one, or as a change of a built-in one. */

/** Stations that a denominator may be named after: recipients who reached it, each once. */
export const stations = ['sent', 'delivered', 'opened', 'clicked', 'converted'] as const;

const filterValue = z.union(
  [
    text(500),
    z.number(),
    z.boolean(),
    z
      .array(z.union([text(500), z.number()]))
      .min(1)
      .max(100),
  ],
  'must be a text, a number, true or false; for "in" a list of 1 to 100 texts and numbers',
);

const filter = z.strictObject({
  property: text(64)
    .min(1)
    .describe(
      '`category`, `item`, `value` (major units), `currency`, `order`, `url`, or a name in the properties of the event.',
    ),
  op: z.enum(filterOps),
  value: filterValue
    .optional()
    .describe('A list for `in`; left out for `exists`, `new`, `above_history` and `has_history`.'),
});

const event = z.enum(eventTypes).exclude(['refund', 'cancel', 'void'], {
  error:
    'must be sent, delivered, opened, clicked, converted, unsubscribed, complained, bounced, view, cart, click or purchase; a refund, cancel or void is no measure of its own: it takes away from what it belongs to',
});

const measure = {
  event,
  classes: z
    .array(z.enum(eventClasses))
    .min(1)
    .optional()
    .describe('Which opens or clicks count; human and unknown unless you say otherwise.'),
  where: z.array(filter).max(10).optional().describe('Conditions on properties of the event; all must hold.'),
};

const denominator = z.union([
  z.enum(['assigned', ...stations], {
    error:
      'must be assigned, sent, delivered, opened, clicked or converted, or an object with event and count',
  }),
  z.strictObject({ ...measure, count: z.enum(['once', 'messages', 'events', 'value']) }),
]);

const margin = z.union([
  z.strictObject({ relative: z.number().positive().max(10).describe('Share of the level of the control.') }),
  z.strictObject({
    absolute: z
      .number()
      .positive()
      .max(1e12)
      .describe('In the unit of the metric: a rate, a count, major units of money.'),
  }),
]);

const optional = {
  title: titleSchema.optional(),
  classes: measure.classes,
  where: measure.where,
  count: z
    .enum(counts)
    .optional()
    .describe(
      'What is made of the events of a recipient. By default `once` for a proportion, `events` for a mean, `value` for money, `again` for retention, `minutes` for time_to_event; a ratio says it.',
    ),
  direction: z.enum(directions).optional().describe('Which way is better.'),
  denominator: denominator
    .optional()
    .describe('What the outcome is divided by; everybody who was assigned unless you say otherwise.'),
  from: z
    .enum(windowStarts)
    .optional()
    .describe(
      'Where the window begins: at each send to the recipient (the default), at the first (the default of retention and time_to_event), or at the assignment.',
    ),
  window: durationSchema
    .optional()
    .describe('Own attribution window, where it differs from the one of the experiment.'),
  delay: durationSchema.optional().describe('The window begins this long after its start.'),
  gap: durationSchema.optional().describe('Retention: how long after the first event the later one must be.'),
  cap: z
    .union([z.string().max(40), z.number()], 'must be an amount such as "250.00", or a whole number')
    .optional()
    .describe('Most that one recipient may count: major units of money, or a whole number of events.'),
  margin: margin.optional().describe('Guardrails: how much worse it may get.'),
  covariate: z
    .strictObject({ window: durationSchema })
    .optional()
    .describe('Adjusts for the same measure in a period before the assignment, this long.'),
  maturity: durationSchema.optional().describe('How long after the window late events are waited for.'),
  diagnostic: z
    .boolean()
    .optional()
    .describe('Never decides. So is every metric whose denominator is measured after the delivery.'),
};

const role = z.enum(metricRoles);

/** A metric written out. */
export const metricDraftSchema = z.strictObject({
  key: keySchema,
  type: z.enum(metricTypes),
  event,
  role: role.default('secondary'),
  ...optional,
});
export type MetricDraft = z.output<typeof metricDraftSchema>;

const builtInName = z.enum(builtInNames, {
  error: `must be a metric that is written out, or the name of a built-in one: ${builtInNames.join(', ')}`,
});

const changedBuiltIn = z.strictObject({
  use: builtInName.describe('The built-in metric; everything beside it changes it.'),
  key: keySchema.optional().describe('The name of the built-in metric, unless you say otherwise.'),
  event: event.optional(),
  role: role.optional(),
  ...optional,
});

export const metricInputSchema = z.union([builtInName, metricDraftSchema, changedBuiltIn]);
export type MetricInput = z.output<typeof metricInputSchema>;
