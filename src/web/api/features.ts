import { z } from 'zod';
import { listFeatures } from '../../flows/list-features.js';
import type { ApiRoute } from './route.js';

const shared = {
  title: z.string(),
  meaning: z.string(),
  type: z.enum(['number', 'category', 'as said']).describe('Of a trait: as said.'),
  unit: z.string().nullable().describe('Null: a category, or what the name says.'),
  source: z.enum(['behaviour', 'trait']),
  events: z.array(z.string()).describe('Types of events that it is made of.'),
};

const knownSchema = z.strictObject({
  pattern: z.string().describe('A name, or how names are made.'),
  examples: z.array(z.string()),
  ...shared,
  values: z.array(z.string()).optional().describe('Every value, where those are few.'),
  window: z.string().describe('In words: how far back from the clock.'),
  readers: z
    .array(z.enum(['conditions', 'models', 'scorers']))
    .describe('Conditions of rules, trees and segments; models that learn here; scorers from elsewhere.'),
});

const askedFields = {
  name: z.string(),
  version: z.int(),
  purpose: z.string().optional().describe('Of a segment its description.'),
  through: z
    .array(z.string())
    .describe('Segments that it names and that ask for the feature; none: it asks by itself.'),
};
const askerSchema = z.union([
  z.strictObject({
    what: z.literal('strategy'),
    ...askedFields,
    kind: z.string(),
    active: z.boolean(),
    newest: z.boolean(),
    liveIn: z.array(z.string()).describe('Keys of running and paused experiments that are pinned to it.'),
    owner: z.string().optional(),
  }),
  z.strictObject({ what: z.literal('segment'), ...askedFields, title: z.string() }),
]);

const inUseSchema = z.strictObject({
  name: z.string(),
  pattern: z.string().describe('Of the known feature that it is, or that it is one of.'),
  ...shared,
  windowDays: z.number().nullable().describe('Null: from the beginning.'),
  askedBy: z.array(askerSchema),
});

const spend = {
  title: 'money spent in EUR within 90 days',
  meaning:
    'Money paid less money that went back, in one currency. Other currencies are left out, never converted.',
  ...{ type: 'number', unit: 'EUR', source: 'behaviour', events: ['purchase', 'refund'] },
};
const examplePattern = 'spend(CURRENCY, CATEGORY, DAYSd)';
const example = {
  known: [
    {
      pattern: examplePattern,
      examples: ['spend(EUR)', 'spend(EUR, shoes)', 'spend(EUR, shoes, 90d)'],
      ...{ ...spend, title: 'money spent in a currency', unit: null },
      window: 'as the name says; without days, all that is known',
      readers: ['conditions', 'models', 'scorers'],
    },
  ],
  inUse: [
    {
      name: 'spend(EUR, 90d)',
      pattern: examplePattern,
      ...{ ...spend, windowDays: 90 },
      askedBy: [
        {
          ...{ what: 'strategy', name: 'spring-rules', version: 2, kind: 'rules' },
          ...{ active: true, newest: true, liveIn: ['spring-offer'] },
          ...{ owner: 'CRM', purpose: 'The right offer.', through: ['big-spenders@1'] },
        },
        { what: 'segment', name: 'big-spenders', version: 1, title: 'Big spenders', through: [] },
      ],
    },
  ],
};

export const featuresRoute: ApiRoute = {
  method: 'get',
  path: '/v1/features',
  id: 'listFeatures',
  group: 'Models',
  summary: 'Every feature that can be asked for, and who asks for which',
  description:
    'In use are those that a strategy version which is active, the newest of its name or in a live experiment asks for, or the newest version of a segment. A trait that a condition looks at is trait.NAME.',
  scopes: ['analyst'],
  answers: {
    200: {
      description: 'All of both lists: those with names of their own before families, those in use by name.',
      content: {
        'application/json': {
          schema: z.strictObject({ known: z.array(knownSchema), inUse: z.array(inUseSchema) }),
          example,
        },
      },
    },
  },
  async handle({ web, response }) {
    response.json(await listFeatures(web.ctx));
  },
};
