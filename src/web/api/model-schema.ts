import { z } from 'zod';
import { exampleRun, learnedSchema, runSchema } from './learning.js';
import { retrainingAnswer } from './retraining.js';

export const measureSchema = z
  .looseObject({ name: z.string(), definition: z.string() })
  .describe('With value, interval and higherIsBetter; or refused, with code and reason.');
const checkSchema = z.strictObject({
  measure: z.string(),
  value: z.number().nullable().describe('Null: it could not be had, and detail says why.'),
  threshold: z.number().nullable(),
  alerting: z.boolean(),
  detail: z.unknown(),
  checkedAt: z.iso.datetime(),
});
const modelFields = {
  ...learnedSchema.shape,
  id: z.string(),
  kind: z.string(),
  inUse: z.boolean(),
  report: z
    .looseObject({ measures: z.array(measureSchema), notes: z.array(z.string()) })
    .nullable()
    .describe(
      'Window, hold-out, labels, features, measures beside baselines, calibration; null of old models.',
    ),
  users: z
    .array(z.strictObject({ key: z.string(), title: z.string(), status: z.string(), level: z.string() }))
    .describe('Experiments with arms that decide by it.'),
  checks: z.array(checkSchema).describe('How it did when it was last looked at.'),
  retraining: retrainingAnswer.optional(),
};
/** A model as it stands in a list. */
export const modelSchema = z.strictObject(modelFields);
const promotionSchema = z.strictObject({
  ...{ id: z.string(), name: z.string(), strategy: z.string(), model: z.string() },
  status: z.enum(['promoted', 'kept']),
  why: z.string(),
  comparison: z
    .looseObject({ challenger: measureSchema, clock: z.string() })
    .optional()
    .describe('The new model and the one in use on the same hold-out.'),
  ...{ doneBy: z.string(), doneAt: z.iso.datetime() },
});
/** Everything about one. */
export const foundSchema = z.strictObject({
  ...modelFields,
  history: z.array(checkSchema),
  record: z
    .array(promotionSchema)
    .describe('What was said about the models of this name; only ever added to.'),
  runs: z.array(runSchema),
  parentId: z.string().optional(),
});

const hash = 'sha256:0d6f2f9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e';
export const exampleMeasure = {
  ...{ name: 'AUC', definition: 'Area under the ROC curve on the hold-out, ties counted half.' },
  ...{ value: 0.6454, interval: [0.6361, 0.6547], higherIsBetter: true },
};
export const exampleModel = {
  ...{ hash, id: 'visits/2', name: 'visits', number: 2, of: 'visits@1', strategy: hash, parent: hash },
  ...{
    kind: 'propensity',
    clock: '2026-03-01T00:00:00.000Z',
    seed: '',
    createdAt: '2026-03-01T03:31:00.000Z',
  },
  source: { recipients: 20_412, events: 96_318, catalogue: hash },
  inUse: true,
  report: {
    window: { until: '2026-03-01T00:00:00.000Z' },
    split: { kind: 'time', note: 'The last 30 days.' },
    measures: [exampleMeasure],
    notes: [],
  },
  users: [{ key: 'spring-offer', title: 'Spring offer', status: 'running', level: 'strategy: picks' }],
  checks: [
    {
      ...{ measure: 'drift of recency', value: 0.0131, threshold: 0.2, alerting: false },
      ...{ detail: { interval: [0.011, 0.0154] }, checkedAt: '2026-03-02T04:47:00.000Z' },
    },
  ],
};
const examplePromotion = {
  ...{ id: 'visits/2', name: 'visits', strategy: hash, model: hash, status: 'promoted' },
  ...{ why: 'AUC 0.6454 against 0.6311 of visits/1 on the same hold-out.', doneBy: 'schedule' },
  doneAt: '2026-03-01T03:31:00.000Z',
};

export const exampleFound = {
  ...exampleModel,
  ...{
    history: exampleModel.checks,
    record: [examplePromotion],
    runs: [exampleRun],
    parentId: 'visits/1',
  },
};
