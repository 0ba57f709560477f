import { z } from 'zod';
import { slotsSchema } from './slots.js';
import { directions, eventClasses, eventTypes, metricRoles, metricTypes } from './experiment.js';

/**
 * An experiment as a sender writes it down. Unknown fields are refused, so that a typing mistake is an error
 * and not a silent default. `toExperiment` turns it into an `Experiment`.
 */

const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use 1 to 64 of a-z, 0-9, - and _, starting with a letter or digit');
const title = z.string().min(1).max(200);
const duration = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhd]$/, 'write a duration as 90m, 12h or 14d')
  .describe('A duration: minutes, hours or days, as in 90m, 12h, 14d.');

const level = z.strictObject({
  key,
  title: title.optional(),
  strategy: z
    .union([z.string().min(1).max(200), z.looseObject({ kind: z.string() })])
    .optional()
    .describe(
      'On levels of the factor `strategy`: a registered version as name@number or sha256:…, or a definition written here.',
    ),
  fallback: slotsSchema.optional().describe('Delivered when the strategy cannot decide.'),
  slots: slotsSchema.optional().describe('Content that this level sets, on factors other than `strategy`.'),
});

const factor = z.strictObject({ key, title: title.optional(), levels: z.array(level).min(1).max(50) });

const metric = z.strictObject({
  key,
  title: title.optional(),
  type: z.enum(metricTypes),
  event: z.enum(eventTypes),
  classes: z
    .array(z.enum(eventClasses))
    .min(1)
    .optional()
    .describe('Which opens or clicks count; human and unknown unless you say otherwise.'),
  role: z.enum(metricRoles).default('secondary'),
  direction: z.enum(directions).optional().describe('Which way is better.'),
  window: duration
    .optional()
    .describe('Own attribution window, where it differs from the one of the experiment.'),
});

const cohort = z.union([
  z.string().min(1).max(64),
  z.strictObject({
    trait: z.string().min(1).max(64),
    values: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
  }),
]);

const plan = z.strictObject({
  end: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('Planned end of enrolment; from then on nobody new is enrolled.'),
  baseline: z
    .number()
    .positive()
    .lt(1)
    .optional()
    .describe('Expected rate of the primary metric in control.'),
  smallestUplift: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe('Smallest relative change worth finding.'),
  alpha: z.number().gt(0).lt(0.5).default(0.05),
  power: z.number().gt(0.5).lt(1).default(0.8),
});

export const draftSchema = z.strictObject({
  key: key.describe('Names the experiment in addresses; cannot be changed.'),
  title: title.optional(),
  hypothesis: z.string().min(1).max(2_000).optional(),
  factors: z.array(factor).min(1).max(6),
  control: z
    .string()
    .max(400)
    .optional()
    .describe(
      'Key of the arm that others are compared with: level keys joined by /. The first arm by default.',
    ),
  weights: z
    .array(z.number().int().min(0).max(1_000_000_000))
    .optional()
    .describe(
      'One whole number per arm in design order (row-major, first factor slowest). All 1 by default.',
    ),
  traffic: z.number().min(0).max(1).default(1).describe('Share of recipients that takes part.'),
  salt: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[\x21-\x7e]+$/, 'use printable ASCII without spaces')
    .optional()
    .describe('Salt of the draw; made for you unless you give one.'),
  metrics: z.array(metric).min(1).max(20),
  cohorts: z.array(cohort).max(10).default([]),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'use a three-letter code such as EUR')
    .optional(),
  window: duration.optional().describe('Attribution window, from the send to each recipient.'),
  plan: plan.prefault({}),
});

export type ExperimentDraft = z.infer<typeof draftSchema>;
