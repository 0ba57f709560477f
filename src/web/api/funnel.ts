import { z } from 'zod';
import { loadFunnel } from '../../flows/load-funnel.js';
import { buildFunnel, type Funnel } from '../../reports/funnel.js';
import { experimentKey } from './parameters.js';
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

export const funnelRoute: ApiRoute = {
  method: 'get',
  path: '/v1/experiments/{key}/funnel',
  id: 'funnel',
  group: 'Reports',
  summary: 'How far the recipients of every arm came, and whether one lost more on the way',
  scopes: ['analyst'],
  answers: {
    200: {
      description: 'Stations, and a test for every edge between them.',
      content: { 'application/json': { schema: funnelSchema, example } },
    },
  },
  errors: [404],
  async handle({ web, request, response }) {
    const { asOf, funnel } = await loadFunnel(web.ctx, experimentKey(request));
    response.json({ asOf, ...funnelAnswer(funnel) });
  },
};
