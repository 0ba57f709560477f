import { z } from 'zod';
import { loadFunnel } from '../../flows/load-funnel.js';
import { loadMaturity } from '../../flows/load-maturity.js';
import { buildFunnel, type Funnel } from '../../reports/funnel.js';
import { experimentKey } from './parameters.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const share = z.strictObject({ value: z.number(), text: z.string() });
const funnelSchema = z.strictObject({
  asOf: z.iso.datetime(),
  stations: z
    .array(
      z.strictObject({
        station: z.string(),
        arms: z.array(
          z.strictObject({
            arm: z.string(),
            n: z.int().describe('Recipients; each counts once.'),
            ofPrevious: share.optional(),
            ofAssigned: share.optional(),
          }),
        ),
      }),
    )
    .describe('`assigned` first. A station that nothing was heard of is left out.'),
  edges: z.array(
    z.looseObject({
      from: z.string(),
      to: z.string(),
      kind: z.enum(['fault', 'delivery', 'outcome']).describe('What an uneven loss means here.'),
      test: z.looseObject({}).describe('Do all arms keep the same share? A test, or a refusal.'),
      uneven: z.boolean(),
      text: z.string(),
    }),
  ),
  findings: z.array(z.looseObject({})).describe('Losses that are a fault, as health checks.'),
});

/** Worked out, so that it cannot become untrue. */
const example: z.infer<typeof funnelSchema> = {
  asOf: '2026-03-16T09:00:00.000Z',
  ...funnelAnswer(
    buildFunnel(
      [
        { key: 'plain', title: 'Plain' },
        { key: 'personal', title: 'Personal' },
      ],
      [
        { station: 'assigned', recipients: [10_000n, 10_020n] },
        { station: 'sent', recipients: [9_900n, 10_020n] },
        { station: 'clicked', recipients: [990n, 1_120n] },
      ],
      [1, 1],
    ),
  ),
};

/** As it travels. */
function funnelAnswer(funnel: Funnel): Omit<z.infer<typeof funnelSchema>, 'asOf'> {
  return JSON.parse(JSON.stringify(funnel)) as Omit<z.infer<typeof funnelSchema>, 'asOf'>;
}

const maturitySchema = z.strictObject({
  asOf: z.iso.datetime(),
  conversions: z.int().describe('Recipients with a conversion that the curve rests on.'),
  sampled: z.boolean().describe('There are more recipients than were looked at.'),
  curve: z
    .union([
      z.strictObject({
        points: z.array(
          z.strictObject({
            ageMs: z.int().describe('Since the send.'),
            share: z.number().describe('Of what a full window brings.'),
            lower: z.number(),
            upper: z.number(),
            text: z.string(),
          }),
        ),
        sentence: z.string(),
      }),
      z.looseObject({ refused: z.literal(true), code: z.string(), reason: z.string() }),
    ])
    .describe('A curve, or why there is none.'),
});

const maturityExample: z.infer<typeof maturitySchema> = {
  asOf: '2026-03-16T09:00:00.000Z',
  conversions: 12,
  sampled: false,
  curve: {
    refused: true,
    code: 'too_few',
    reason: 'Fewer than 30 conversions say too little about delays.',
  },
};

export const maturityRoute: ApiRoute = {
  method: 'get',
  path: '/v1/experiments/{key}/maturity',
  id: 'maturity',
  group: 'Reports',
  summary: 'How much of what a full window brings has come in by each age of a recipient',
  description:
    'From the experiment’s own first conversions; delays that are cut short by now are allowed for.',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer('The curve with its intervals, or a refusal.', maturitySchema, maturityExample),
  },
  errors: [404],
  async handle({ web, request, response }) {
    const { experiment: _, ...maturity } = await loadMaturity(web.ctx, experimentKey(request));
    response.json(maturity);
  },
};

export const funnelRoute: ApiRoute = {
  method: 'get',
  path: '/v1/experiments/{key}/funnel',
  id: 'funnel',
  group: 'Reports',
  summary: 'How far the recipients of every arm came, and whether one lost more on the way',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer('Stations, and a test for every edge between them.', funnelSchema, example),
  },
  errors: [404],
  async handle({ web, request, response }) {
    const { asOf, funnel } = await loadFunnel(web.ctx, experimentKey(request));
    response.json({ asOf, ...funnelAnswer(funnel) });
  },
};
