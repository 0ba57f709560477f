import { z } from 'zod';

import { text } from '../experiments/text.js';
import { type TableTest, tableTestSchema } from './table-test.js';

/** Who looks after a strategy, and how it is held to what it should do. Nothing of it changes what is decided. */
export interface Custody {
  readonly owner?: string | undefined;
  readonly purpose?: string | undefined;
  /** The day by which somebody should look at it again, as 2026-03-01. */
  readonly review?: string | undefined;
  readonly tests?: readonly TableTest[] | undefined;
  /** What its readers are to know and its owner knows: that a model learned from those whom it treated. */
  readonly declares?: readonly 'trained-on-treated'[] | undefined;
}

export const maxTests = 1_000;
export const purposeSchema = text(1_000).min(1, 'must not be empty: leave it out instead');
const ownerSchema = text(200).min(1, 'must not be empty: leave it out instead');
const reviewSchema = z.iso.date('must be a date such as 2026-03-01');

/** The same for one rule; what is left out is as for the whole. */
export const ruleCustodyFields = {
  purpose: purposeSchema.optional().describe('Why there is this rule.'),
  owner: ownerSchema.optional().describe('Who looks after this rule; left out: who looks after all of them.'),
  review: reviewSchema
    .optional()
    .describe('The day by which somebody should look at this rule again; left out: that of all of them.'),
};

/** The fields of custody, for the schema of a kind that has them. */
export const custodyFields = {
  owner: ownerSchema.optional().describe('Who looks after it: a person or a team.'),
  purpose: purposeSchema.optional().describe('Why there is this strategy.'),
  review: reviewSchema.optional().describe('The day by which somebody should look at it again.'),
  tests: z
    .array(tableTestSchema, 'must be a list of tests')
    .max(maxTests, `must hold at most ${maxTests} tests`)
    .optional()
    .describe('What must come out for whom; `rules test` runs them.'),
};

/** For kinds that learn. */
export const declaresField = {
  declares: z
    .array(z.enum(['trained-on-treated'], 'must be "trained-on-treated"'))
    .max(1)
    .optional()
    .describe(
      'That its model learned from recipients of the experiment that uses it: reports say it and do not warn.',
    ),
};
