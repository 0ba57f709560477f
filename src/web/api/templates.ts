import { z } from 'zod';
import type { TemplateVersion } from '../../database/template-versions.js';
import { findTemplate, listTemplates } from '../../flows/find-template.js';
import { registerTemplate, registerTemplateSchema } from '../../flows/register-template.js';
import type { Finding } from '../../strategies/templates/finding.js';
import { readJson } from '../body.js';
import { findingSchema } from './finding-schema.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const MAX_BYTES = 2_000_000;

const infoSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  hash: z.string().describe('Of the definition; an experiment pins it.'),
  engine: z.string(),
  createdAt: z.iso.datetime(),
});
const versionSchema = infoSchema.extend({
  definition: z.unknown(),
  compiled: z
    .strictObject({ subject: z.string(), html: z.string(), text: z.string().nullable() })
    .describe('What is rendered: MJML as HTML, conditions in comments as those of the engine.'),
  findings: z.array(findingSchema).describe('Warnings; with an error it would not be here.'),
});

const exampleDefinition = {
  engine: 'liquid',
  subject: '{{ slots.subject }}, {{ user.first_name }}',
  html: '<html><body><p>Hello {{ user.first_name }}</p>{% if user.vip %}<p>Early access for you.</p>{% endif %}<p><a href="https://shop.example/unsubscribe?m={{ message.id }}">Unsubscribe</a></p></body></html>',
  text: 'Hello {{ user.first_name }}\nUnsubscribe: https://shop.example/unsubscribe?m={{ message.id }}',
  tokens: { 'user.first_name': { default: 'there', sample: 'Ada' }, 'user.vip': { sample: true } },
};
const { engine, ...exampleParts } = exampleDefinition;
const exampleInfo = {
  name: 'spring',
  version: 1,
  hash: 'sha256:7a1f0c7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d',
  engine,
  createdAt: '2026-03-01T09:00:00.000Z',
};
const exampleVersion = {
  ...exampleInfo,
  definition: exampleDefinition,
  compiled: { subject: exampleParts.subject, html: exampleParts.html, text: exampleParts.text },
  findings: [],
};

function infoOf({ name, version, hash, definition, createdAt }: TemplateVersion) {
  return { name, version, hash, engine: definition.engine, createdAt };
}

function answerOf({ version, findings }: { version: TemplateVersion; findings: readonly Finding[] }) {
  const { definition, compiled } = version;
  return { ...infoOf(version), definition, compiled, findings };
}

export const templateRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/templates',
    id: 'registerTemplate',
    group: 'Content',
    summary: 'Register a version of a template',
    description:
      'Liquid or Handlebars in `html` or `mjml`, `subject` and `text`. Every trait and constant that is used is declared under `tokens`. What is wrong is told with line and column. Versions never change; the same content again is the version that is there already.',
    scopes: ['admin'],
    body: {
      'application/json': {
        schema: registerTemplateSchema,
        example: { name: 'spring', definition: exampleDefinition },
      },
    },
    answers: {
      201: jsonAnswer('The version, with warnings.', versionSchema, exampleVersion),
    },
    errors: [400, 413, 415, 422],
    async handle({ web, request, response }) {
      const body = await readJson(request, { maxBytes: MAX_BYTES });
      response.status(201).json(answerOf(await registerTemplate(web.ctx, body)));
    },
  },
  {
    method: 'get',
    path: '/v1/templates',
    id: 'listTemplates',
    group: 'Content',
    summary: 'All template versions',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer(
        'By name, the newest version first.',
        z.strictObject({ templates: z.array(infoSchema) }),
        { templates: [exampleInfo] },
      ),
    },
    async handle({ web, response }) {
      response.json({ templates: (await listTemplates(web.ctx)).map(infoOf) });
    },
  },
  {
    method: 'get',
    path: '/v1/templates/{reference}',
    id: 'getTemplate',
    group: 'Content',
    summary: 'One template version',
    description: 'By name@number, by hash, or by name for its newest version.',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer('The version, with warnings.', versionSchema, exampleVersion),
    },
    errors: [404],
    async handle({ web, request, response }) {
      response.json(answerOf(await findTemplate(web.ctx, String(request.params['reference']))));
    },
  },
];
