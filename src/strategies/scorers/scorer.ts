import { z } from 'zod';
import { type Parsed, readWith } from '../../experiments/read-with.js';
import { text } from '../../experiments/text.js';
import { featureNamesSchema } from './feature-names.js';
import { type Headers, headersSchema, urlSchema } from './http-address.js';
import { type OnnxColumn, onnxColumnsSchema } from './onnx-columns.js';

/** Where a model from elsewhere comes from, for whoever is to trust it, and for the check of what it may have seen. */
export interface ScorerCard {
  /** Who looks after it. */
  readonly owner: string;
  readonly trainedBy: string;
  /** Of the data that it was trained on (ISO 8601 days or times); nothing at `until` or later. */
  readonly window: { readonly from?: string | undefined; readonly until: string };
  readonly purpose?: string | undefined;
  /** As whoever trained it measured it: `{"AUC": 0.71}`. */
  readonly measures?: Readonly<Record<string, number>> | undefined;
  readonly notes?: readonly string[] | undefined;
}

interface Common {
  /** What it is told of a recipient, in this order. */
  readonly features: readonly string[];
  /** Its scores lie from 0 to 1; what does not is no score. */
  readonly probability: boolean;
  /** Milliseconds in which all of its answers to one call must be there, retries and all. */
  readonly budgetMs: number;
  /** Recipients in one request. */
  readonly maxBatch: number;
  readonly card: ScorerCard;
}

/** A model behind HTTP. */
export interface HttpScorer extends Common {
  readonly type: 'http';
  readonly url: string;
  /** What it must say that its model is: of another one, whatever it says is refused. */
  readonly model: string;
  readonly headers: Headers;
  /** Milliseconds for one attempt, its answer read to the end. */
  readonly timeoutMs: number;
  readonly retries: number;
}

/** A model in a file of the Open Neural Network Exchange. */
export interface OnnxScorer extends Common {
  readonly type: 'onnx';
  /** `sha256:…` of the bytes of the file. */
  readonly file: string;
  /** Name of its one input, a table of 32-bit numbers. */
  readonly input: string;
  readonly output: string;
  /** Place of the score in a row of the output: 1 for the probability of the second class. */
  readonly outputColumn: number;
  /** How the columns of the input are made of the features. */
  readonly columns: readonly OnnxColumn[];
}

export type ScorerDefinition = HttpScorer | OnnxScorer;

/** An immutable version: the hash of its definition is its identity. */
export interface RegisteredScorer {
  readonly name: string;
  /** 1, 2, 3, … within a name. */
  readonly version: number;
  readonly hash: string;
  readonly definition: ScorerDefinition;
}

const moment = z.union(
  [z.iso.date(), z.iso.datetime()],
  'must be a day or a time such as 2026-03-01 or 2026-03-01T09:00:00Z',
);

const cardSchema = z
  .strictObject(
    {
      owner: text(200).min(1, 'must not be empty').describe('Who looks after it: a person or a team.'),
      trainedBy: text(200).min(1, 'must not be empty').describe('Who trained it.'),
      window: z
        .strictObject({ from: moment.optional(), until: moment })
        .describe('Of the data that it was trained on; nothing at `until` or later.'),
      purpose: text(1_000).min(1, 'must not be empty: leave it out instead').optional(),
      measures: z
        .record(text(64).min(1, 'must not be empty'), z.number('must be a number'))
        .optional()
        .describe('As whoever trained it measured it: {"AUC": 0.71}.'),
      notes: z.array(text(1_000)).max(20, 'must hold at most 20 notes').optional(),
    },
    'must be an object with owner, trainedBy and window',
  )
  .refine(({ window: { from, until } }) => from === undefined || Date.parse(from) < Date.parse(until), {
    path: ['window', 'until'],
    message: 'must lie after from',
  });

const whole = (least: number, most: number) =>
  z
    .int('must be a whole number')
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

const common = {
  features: featureNamesSchema.describe('What it is told of a recipient, in this order.'),
  probability: z
    .boolean('must be true or false')
    .default(true)
    .describe('Its scores lie from 0 to 1; what does not is no score.'),
  budgetMs: whole(10, 5_000)
    .default(300)
    .describe('Milliseconds in which all of its answers to one call must be there, retries and all.'),
  maxBatch: whole(1, 10_000).default(1_000).describe('Recipients in one request.'),
  card: cardSchema.describe('Where the model comes from.'),
};

const httpSchema: z.ZodType<HttpScorer> = z
  .strictObject({
    type: z.literal('http'),
    url: urlSchema,
    model: text(200)
      .min(1, 'must not be empty')
      .describe('What it answers as its model; answers of another one are refused.'),
    headers: headersSchema,
    timeoutMs: whole(10, 5_000)
      .default(200)
      .describe('Milliseconds for one attempt, its answer read to the end.'),
    retries: whole(0, 3).default(1),
    ...common,
  })
  .refine(({ timeoutMs, budgetMs }) => timeoutMs <= budgetMs, {
    path: ['timeoutMs'],
    message: 'must not be more than budgetMs: one attempt would outlast all of them',
  });

const onnxSchema: z.ZodType<OnnxScorer> = z
  .strictObject({
    type: z.literal('onnx'),
    file: z
      .string('must be the hash of a file that was given before, or leave it out and give the file')
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits'),
    input: text(200).min(1, 'must not be empty').describe('Name of its input, a table of 32-bit numbers.'),
    output: text(200).min(1, 'must not be empty').describe('Name of the output that holds the scores.'),
    outputColumn: whole(0, 999)
      .default(0)
      .describe('Place of the score in a row of the output: 1 for the probability of the second class.'),
    columns: onnxColumnsSchema.optional(),
    ...common,
  })
  .superRefine(({ columns, features }, context) => {
    columns?.forEach(({ feature }, i) => {
      if (features.includes(feature)) return;
      const message = `"${feature.slice(0, 64)}" is none of its features: name it there too`;
      context.addIssue({ code: 'custom', path: ['columns', i, 'feature'], message, input: feature });
    });
  })
  .transform((scorer): OnnxScorer => {
    return { ...scorer, columns: scorer.columns ?? scorer.features.map((feature) => ({ feature })) };
  });

const schema = z.union([httpSchema, onnxSchema]);

/** Checks what somebody wants to register, and gives it in its one form. */
export function parseScorer(definition: unknown): Parsed<ScorerDefinition> {
  const type = (definition as { type?: unknown } | null)?.type;
  if (type === 'http') return readWith(httpSchema, definition);
  if (type === 'onnx') return readWith(onnxSchema, definition);
  const parsed = readWith(schema, definition);
  return parsed.ok
    ? parsed
    : { ok: false, problems: [{ path: 'type', message: 'must be "http" or "onnx"' }] };
}

export const referenceOf = ({ name, version }: Pick<RegisteredScorer, 'name' | 'version'>): string =>
  `${name}@${version}`;
