import { z } from 'zod';
import { statuses } from '../../experiments/experiment.js';
import { armsOf, levelsByFactor } from '../../experiments/arms.js';
import { describeMetric } from '../../experiments/describe-metric.js';
import { formatDuration } from '../../experiments/duration.js';
import { eligibilityAsDraft, eligibilitySchema } from '../../experiments/eligibility.js';
import type { StoredExperiment } from '../../experiments/experiment.js';
import { metricAsDraft } from '../../experiments/metric-as-draft.js';
import { metricDraftSchema } from '../../experiments/metric-draft.js';
import { possibleActions, startProblems } from '../../experiments/lifecycle.js';

const slots = z.record(z.string(), z.union([z.string(), z.strictObject({ content: z.string() })]));
const time = z.iso.datetime({ offset: true });

export const experimentSchema = z.strictObject({
  key: z.string(),
  title: z.string(),
  hypothesis: z.string().optional(),
  status: z.enum(statuses),
  createdAt: time,
  startedAt: time.optional(),
  stoppedAt: time.optional(),
  factors: z.array(
    z.strictObject({
      key: z.string(),
      title: z.string(),
      levels: z.array(
        z.strictObject({
          key: z.string(),
          title: z.string(),
          strategy: z.string().optional().describe('Content hash of the pinned strategy version.'),
          learned: z.string().optional().describe('Content hash of what the strategy has learned.'),
          scorers: z
            .record(z.string(), z.string())
            .optional()
            .describe('Content hashes of the scorers that the strategy asks, by name@version.'),
          fallback: slots.optional(),
          slots: slots.optional(),
          template: z.string().optional().describe('Content hash of the pinned template version.'),
        }),
      ),
    }),
  ),
  arms: z
    .array(
      z.strictObject({
        key: z.string(),
        levels: z.record(z.string(), z.string()).describe('Level by factor.'),
        weight: z.int(),
        control: z.boolean(),
      }),
    )
    .describe('In design order: row-major, first factor slowest. The draw relies on it.'),
  control: z.string(),
  salt: z.string().describe('With this, anyone can recompute every arm.'),
  traffic: z.number(),
  allocationVersion: z.int(),
  metrics: z.array(
    metricDraftSchema.extend({
      title: z.string(),
      definition: z.string().describe('What is counted, over whom and in which window, as one sentence.'),
    }),
  ),
  cohorts: z.array(z.strictObject({ trait: z.string(), values: z.array(z.string()).optional() })),
  currency: z.string().optional(),
  exchange: z.record(z.string(), z.string()).optional(),
  window: z.string().optional(),
  plan: z.strictObject({
    end: z.string().optional(),
    baseline: z.number().optional(),
    smallestUplift: z.number().optional(),
    alpha: z.number(),
    power: z.number(),
  }),
  catalogue: z.string().optional().describe('Content hash of the snapshot that strategies choose from.'),
  eligibility: eligibilitySchema.optional(),
  fallback: slots.optional(),
  featureClock: time.optional(),
  actions: z.array(z.enum(['start', 'pause', 'resume', 'stop'])).describe('What can be done now.'),
  missing: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .describe('What a draft lacks before it can start.'),
});
export type ExperimentAnswer = z.infer<typeof experimentSchema>;

/** An experiment as the API shows it: durations as they are written, and the arms spelled out. */
export function experimentAnswer(experiment: StoredExperiment): ExperimentAnswer {
  const { allocation, windowMs, metrics, factors, eligibility, ...rest } = experiment;
  const answer = {
    ...rest,
    factors,
    arms: armsOf(factors).map((arm) => ({
      key: arm.key,
      levels: levelsByFactor(factors, arm),
      weight: allocation.weights[arm.index] ?? 0,
      control: arm.key === experiment.control,
    })),
    traffic: allocation.traffic,
    allocationVersion: allocation.version,
    metrics: metrics.map((metric) => ({
      ...metricAsDraft(metric, experiment.currency),
      definition: describeMetric(metric, experiment),
    })),
    ...(windowMs !== undefined && { window: formatDuration(windowMs) }),
    ...(eligibility && { eligibility: eligibilityAsDraft(eligibility) }),
    actions: possibleActions(experiment.status),
    missing: experiment.status === 'draft' ? startProblems(experiment) : [],
  };
  return answer as ExperimentAnswer;
}

export const experimentListSchema = z.strictObject({
  experiments: z.array(
    z.strictObject({
      key: z.string(),
      title: z.string(),
      status: z.enum(statuses),
      createdAt: time,
      startedAt: time.optional(),
      stoppedAt: time.optional(),
      enrolled: z.int().describe('Recipients drawn and stored.'),
      arms: z.int(),
      primaryMetric: z.string().optional(),
    }),
  ),
});
