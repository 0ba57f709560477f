import { z } from 'zod';
import { listFeatures } from '../../flows/list-features.js';
import { jsonAnswer } from './json-answer.js';
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
  purpose: z.string().optional().describe('Of a segment its description, of a template that of the token.'),
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
  z.strictObject({
    what: z.literal('template'),
    ...askedFields,
    newest: z.boolean(),
    usedBy: z
      .array(z.strictObject({ experiment: z.string(), arms: z.array(z.string()) }))
      .describe('Arms of running and paused experiments that render with it.'),
  }),
]);

const inUseSchema = z.strictObject({
  name: z.string(),
  pattern: z.string().describe('Of the known feature that it is, or that it is one of.'),
  ...shared,
  windowDays: z.number().nullable().describe('Null: from the beginning.'),
  askedBy: z.array(askerSchema),
});

const conditionSchema = z.strictObject({
  says: z.string().describe('In words.'),
  event: z.string(),
  classes: z.array(z.string()).optional().describe('Which opens and clicks of messages count.'),
  properties: z.array(z.string()).describe('Properties of the events that are looked at.'),
  within: z.string().nullable().describe('How far back from the clock; null: from the beginning.'),
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
    {
      ...{ name: 'trait.first_name', pattern: 'trait.NAME', title: 'trait first_name' },
      meaning: 'What was said of the recipient last before the clock.',
      ...{ type: 'as said', unit: null, source: 'trait', events: [], windowDays: null },
      askedBy: [
        {
          ...{ what: 'template', name: 'shop-letter', version: 1, newest: true, purpose: 'Greeting' },
          ...{ usedBy: [{ experiment: 'spring-offer', arms: ['rules', 'best-sellers'] }], through: [] },
        },
      ],
    },
  ],
  eventConditions: [
    {
      says: 'bought with category is “shoes” at least once within 30 days',
      ...{ event: 'purchase', properties: ['category'], within: '30d' },
      askedBy: [
        {
          ...{ what: 'strategy', name: 'spring-rules', version: 2, kind: 'rules' },
          ...{ active: true, newest: true, liveIn: ['spring-offer'], through: [] },
        },
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
    'In use are those that a strategy version which is active, the newest of its name or in a live experiment asks for, or the newest version of a segment. A trait that a condition looks at is trait.NAME; so is one that a template reads which is the newest of its name or renders for an arm of a live experiment. Conditions on events that name no feature are a list of their own.',
  scopes: ['analyst'],
  answers: {
    200: jsonAnswer(
      'All of the lists: those with names of their own before families, those in use by name, conditions by the type of the event.',
      z.strictObject({
        known: z.array(knownSchema),
        inUse: z.array(inUseSchema),
        eventConditions: z.array(conditionSchema),
      }),
      example,
    ),
  },
  async handle({ web, response }) {
    response.json(await listFeatures(web.ctx));
  },
};
