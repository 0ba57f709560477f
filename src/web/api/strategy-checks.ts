import { z } from 'zod';
import { badInput } from '../../errors.js';
import { readWith } from '../../experiments/read-with.js';
import { compareStrategies } from '../../flows/compare-strategies.js';
import type { Context } from '../../flows/context.js';
import { diffStrategies, findStrategyNamed } from '../../flows/find-strategy.js';
import { lintStrategy } from '../../flows/lint-strategy.js';
import { type ParsedStrategy, pinStrategy } from '../../flows/read-strategy.js';
import { readDocument, withPlaces } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute, Call } from './route.js';

const MAX_BYTES = 4_000_000;
const USUAL_RECIPIENTS = 1_000;
const MOST_RECIPIENTS = 100_000;

/** A strategy that is stored, or one that is only asked about. */
const strategy = z
  .union(
    [z.string().min(1).max(200), z.looseObject({ kind: z.string() })],
    'must be name@version, a hash, a name, or a definition with its kind',
  )
  .describe('`name@version`, a hash, a name (its active version), or a definition, which is not stored.');
const recipients = z
  .int()
  .min(0)
  .max(MOST_RECIPIENTS, `must be at most ${MOST_RECIPIENTS}`)
  .default(USUAL_RECIPIENTS)
  .describe('So many stored recipients are looked at, at most.');

const lintBody = z.strictObject({ strategy, recipients });
const compareBody = z.strictObject({ from: strategy, to: strategy, recipients });

const findingSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  rules: z.array(z.string()),
  slot: z.string().optional(),
  message: z.string(),
  witness: z
    .strictObject({
      profile: z.looseObject({}),
      text: z.string(),
      recipientKey: z.string().optional().describe('Of a stored recipient; absent: made up.'),
    })
    .optional()
    .describe('Somebody for whom it shows.'),
});
const lintSchema = z.strictObject({
  findings: z.array(findingSchema).describe('Errors first; an error keeps a version from being registered.'),
  tests: z.array(z.looseObject({ name: z.string(), passed: z.boolean() })),
  unchecked: z.array(z.string()),
  madeUp: z.int().describe('Recipients made up from the bounds of the conditions.'),
  stored: z.int().describe('Stored recipients looked at.'),
  fared: z
    .array(z.strictObject({ rule: z.string(), matched: z.int(), won: z.int() }))
    .describe('How many of the stored recipients each rule matched, and how many it won.'),
});

const partSchema = z.strictObject({ name: z.string(), fields: z.record(z.string(), z.string()) });
const fieldSchema = z.strictObject({
  field: z.string(),
  before: z.string().optional(),
  after: z.string().optional(),
});
const seenSchema = z.strictObject({ reason: z.string(), slots: z.record(z.string(), z.string()) });
const compareSchema = z.strictObject({
  definitions: z.strictObject({
    added: z.array(partSchema),
    removed: z.array(partSchema),
    changed: z.array(z.strictObject({ name: z.string(), fields: z.array(fieldSchema) })),
    same: z.int(),
  }),
  recipients: z.strictObject({
    recipients: z.int(),
    changed: z.int().describe('Would get other content.'),
    bySlot: z.array(z.strictObject({ slot: z.string(), changed: z.int() })),
    moves: z.array(z.strictObject({ from: z.string(), to: z.string(), changed: z.int() })),
    samples: z.array(z.strictObject({ recipientKey: z.string(), from: seenSchema, to: seenSchema })),
  }),
});

/**
 * Answers what was asked as JSON or as YAML.
 *
 * @throws bad_input `invalid_request` naming what is wrong.
 */
async function answer<T>(
  { request, response }: Call,
  schema: z.ZodType<T>,
  work: (asked: T) => Promise<object>,
): Promise<void> {
  const body = await readDocument(request, { maxBytes: MAX_BYTES });
  const answered = await withPlaces(body, () => {
    const parsed = readWith(schema, body.value);
    if (parsed.ok) return work(parsed.value);
    throw badInput('invalid_request', 'This was not asked as it must be.', parsed.problems);
  });
  response.json(answered);
}

async function strategyFrom(
  ctx: Context,
  asked: string | { kind: string },
  path: string,
): Promise<ParsedStrategy> {
  if (typeof asked === 'string') return findStrategyNamed(ctx, asked);
  const pinned = await pinStrategy(ctx.db, asked);
  if (pinned.ok) return pinned.value;
  const problems = pinned.problems.map((one) => ({
    ...one,
    path: one.path === '' ? path : `${path}.${one.path}`,
  }));
  throw badInput('invalid_strategy', 'This definition has mistakes.', problems);
}

const exampleRules = {
  kind: 'rules',
  rules: [
    { id: 'vip', when: { trait: 'tier', op: 'eq', value: 'vip' }, slots: { subject: 'For our best' } },
    { id: 'members', when: { trait: 'member', op: 'eq', value: true }, slots: { subject: 'For members' } },
  ],
  default: { subject: 'Spring is here' },
};
const exampleLint = `strategy:
  kind: rules
  rules:
    - id: members
      when: { trait: member, op: eq, value: true }
      slots: { subject: For members }
  default: { subject: Spring is here }
`;
const exampleFinding = {
  code: 'conflict',
  severity: 'error',
  rules: ['members', 'vip'],
  slot: 'subject',
  message:
    '"members" and "vip" both match some recipients and set subject to different values; both have priority 0, so only their ids decide.',
  witness: {
    profile: { traits: { member: true, tier: 'vip' }, history: [] },
    text: 'member true, tier "vip"',
  },
};

const lintRoute: ApiRoute = {
  method: 'post',
  path: '/v1/strategies/lint',
  id: 'lintStrategy',
  group: 'Strategies',
  summary: 'Say what is wrong with a strategy, and run the tests beside it',
  description:
    'Changes nothing. Recipients are made up from the bounds of the conditions, and stored ones are looked at.',
  scopes: ['analyst'],
  body: {
    'application/json': { schema: lintBody, example: { strategy: exampleRules, recipients: 1_000 } },
    'application/yaml': { schema: lintBody, example: exampleLint },
  },
  answers: {
    200: jsonAnswer('What was found.', lintSchema, {
      ...{ findings: [exampleFinding], tests: [], unchecked: [], madeUp: 9, stored: 1_000 },
      fared: [{ rule: 'members', matched: 212, won: 212 }, { rule: 'vip', matched: 40, won: 11 }], // prettier-ignore
    }),
  },
  errors: [400, 404, 413, 415, 422],
  async handle(call) {
    const { ctx } = call.web;
    await answer(call, lintBody, async (asked) => {
      const found = await strategyFrom(ctx, asked.strategy, 'strategy');
      return lintStrategy(ctx.db, found, ctx.clock(), asked.recipients);
    });
  },
};

const compareRoute: ApiRoute = {
  method: 'post',
  path: '/v1/strategies/compare',
  id: 'compareStrategies',
  group: 'Strategies',
  summary: 'How two strategies differ, and for how many recipients',
  description: 'A dry run: both decide for stored recipients as of now, and nothing is written.',
  scopes: ['analyst'],
  body: {
    'application/json': {
      schema: compareBody,
      example: { from: 'regulars-first@1', to: 'regulars-first@2', recipients: 10_000 },
    },
    'application/yaml': { schema: compareBody, example: 'from: regulars-first@1\nto: regulars-first@2\n' },
  },
  answers: {
    200: jsonAnswer('Part by part, and over the recipients.', compareSchema, {
      definitions: {
        ...{ added: [], removed: [], same: 1 },
        changed: [{ name: 'rule regulars', fields: [{ field: 'if', before: 'orders is at least 3', after: 'orders is at least 4' }] }], // prettier-ignore
      },
      recipients: {
        ...{ recipients: 10_000, changed: 112, bySlot: [{ slot: 'subject', changed: 112 }] },
        moves: [{ from: 'rule regulars', to: 'default', changed: 112 }],
        samples: [],
      },
    }),
  },
  errors: [400, 404, 413, 415, 422],
  async handle(call) {
    const { ctx } = call.web;
    await answer(call, compareBody, async (asked) => {
      const from = await strategyFrom(ctx, asked.from, 'from');
      const to = await strategyFrom(ctx, asked.to, 'to');
      const { added, removed, ...rest } = diffStrategies(from, to);
      const plain = (parts: typeof added) =>
        parts.map(({ name, fields }) => ({ name, fields: Object.fromEntries(fields) }));
      const dryRun = { clock: ctx.clock(), most: asked.recipients };
      return {
        definitions: { added: plain(added), removed: plain(removed), ...rest },
        recipients: await compareStrategies(ctx.db, from, to, dryRun),
      };
    });
  },
};

export const checkRoutes: readonly ApiRoute[] = [lintRoute, compareRoute];
