import { z } from 'zod';
import { durationSchema, keySchema, titleSchema } from './draft-fields.js';
import { eligibilitySchema } from './eligibility.js';
import { type MetricDraft, metricInputSchema } from './metric-draft.js';
import { ratePattern } from './money.js';
import { slotsSchema } from './slots.js';
import { text } from './text.js';

/** More metrics than anybody reads, and still one report. */
export const mostMetrics = 30;
export const mostCohorts = 10;

/**
 * An experiment as a sender writes it down. Unknown fields are refused, so that a typing mistake is an error
 * and not a silent default. `toExperiment` turns it into an `Experiment`.
 */

const reference = (what: string) => text(200, `must be ${what}`).min(1, `must be ${what}`);
const templateReference = reference('a template, as name@number or by its hash');
const contentHashSchema = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'must be a content hash: "sha256:" and 64 hex digits');

const level = z.strictObject({
  key: keySchema,
  title: titleSchema.optional(),
  strategy: z
    .union([
      reference('a strategy, by its name, as name@number or by its hash, or a definition with its kind'),
      z.looseObject({ kind: z.string() }),
    ])
    .optional()
    .describe(
      'On levels of the factor `strategy`: a registered version as name@number or sha256:…, a name alone for its active version, or a definition written here. Pinned to the content hash.',
    ),
  learned: contentHashSchema
    .optional()
    .describe('What the strategy has learned, by its hash; the newest at the start, unless you name one.'),
  fallback: slotsSchema.optional().describe('Delivered when the strategy cannot decide.'),
  slots: slotsSchema.optional().describe('Content that this level sets, on factors other than `strategy`.'),
  template: templateReference
    .optional()
    .describe(
      'What renders the message of this level, as name@number or sha256:…; on all levels of one factor.',
    ),
});

const factor = z.strictObject({
  key: keySchema,
  title: titleSchema.optional(),
  levels: z.array(level).min(1).max(50),
});

export const cohortSchema = z.union([
  z.string().min(1).max(64),
  z.strictObject({
    trait: z.string().min(1).max(64),
    values: z.array(z.string().min(1).max(64)).min(1).max(50).optional(),
  }),
]);

/** What an experiment may be broken down by from the start: a trait, or who is in a segment at the enrolment. */
const declaredCohortSchema = z.union([
  cohortSchema,
  z.strictObject({
    segment: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,127}(@[1-9]\d{0,8})?$/, 'must name a segment, such as recent-buyers'),
  }),
]);
export type DeclaredCohort = z.output<typeof declaredCohortSchema>;

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

const currency = z.string().regex(/^[A-Z]{3}$/, 'use a three-letter code such as EUR');

const exchange = z
  .record(
    currency,
    z
      .string('write the rate as a text, such as "0.92": it is read digit by digit')
      .regex(ratePattern, 'write a rate above 0 as "0.92": up to 9 digits before the point and 12 after it'),
    { error: 'must be an object of rates by currency, as in {"USD": "0.92"}' },
  )
  .refine((rates) => Object.keys(rates).length <= 50, { message: 'must have at most 50 currencies' });

export const draftSchema = z.strictObject({
  key: keySchema.describe('Names the experiment in addresses; cannot be changed.'),
  title: titleSchema.optional(),
  hypothesis: text(2_000).min(1).optional(),
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
  metrics: z
    .array(metricInputSchema)
    .min(1)
    .max(mostMetrics)
    .describe('Names of built-in metrics, changed built-in metrics, or metrics written out.'),
  cohorts: z.array(declaredCohortSchema).max(mostCohorts).default([]),
  currency: currency.optional().describe('Every amount in the report is in it.'),
  exchange: exchange
    .optional()
    .describe(
      'Units of `currency` for one unit of another currency, as decimal text: {"USD": "0.92"}. Other currencies are refused.',
    ),
  window: durationSchema.optional().describe('Attribution window, from the send to each recipient.'),
  plan: plan.prefault({}),
  template: templateReference
    .optional()
    .describe('What renders the messages of all arms, as name@number or sha256:….'),
  catalogue: contentHashSchema
    .optional()
    .describe(
      'Snapshot of the catalogue that strategies choose from; the newest at the start, unless you name one.',
    ),
  eligibility: eligibilitySchema.optional(),
  fallback: slotsSchema
    .optional()
    .describe('Delivered, slot by slot, where neither a strategy nor the fallback of its level sets one.'),
  featureClock: z.iso
    .datetime({ offset: true, error: 'must be a time with its zone, such as 2026-03-01T09:00:00Z' })
    .optional()
    .describe(
      'Strategies see what recipients had done before this moment; before each decision unless you say so. Traits are always those of the decision.',
    ),
});

/** A draft that was read: built-in metrics are written out. */
export type ExperimentDraft = Omit<z.output<typeof draftSchema>, 'metrics'> & {
  readonly metrics: readonly MetricDraft[];
};
