import { z } from 'zod';
import { contentSchema, listContents, registerContent } from '../../flows/register-content.js';
import { readJson } from '../body.js';
import { jsonAnswer } from './json-answer.js';
import type { ApiRoute } from './route.js';

const MAX_BYTES = 256_000;

const versionSchema = z.strictObject({
  name: z.string(),
  version: z.int(),
  hash: z.string(),
  body: z.string(),
  createdAt: z.iso.datetime(),
});

const exampleContent = { name: 'vip-offer', body: 'Your early access starts today' };
const exampleVersion = {
  ...exampleContent,
  version: 2,
  hash: 'sha256:0c4f1f7d9f1f4a0b7c8f6a1d2e3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d',
  createdAt: '2026-03-01T09:00:00.000Z',
};

export const contentRoutes: readonly ApiRoute[] = [
  {
    method: 'post',
    path: '/v1/contents',
    id: 'registerContent',
    group: 'Content',
    summary: 'Add a version to the content library',
    description:
      'Strategies, levels and fallbacks name it as {"content": "vip-offer"}, which pins the newest version at that moment, or as {"content": "vip-offer@2"}. Versions never change; the text of the newest version again is that version.',
    scopes: ['admin'],
    body: { 'application/json': { schema: contentSchema, example: exampleContent } },
    answers: {
      201: jsonAnswer('The version.', versionSchema, exampleVersion),
    },
    errors: [400, 413, 415, 422],
    async handle({ web, request, response }) {
      const body = await readJson(request, { maxBytes: MAX_BYTES });
      response.status(201).json(await registerContent(web.ctx, body));
    },
  },
  {
    method: 'get',
    path: '/v1/contents',
    id: 'listContents',
    group: 'Content',
    summary: 'The content library',
    scopes: ['analyst'],
    answers: {
      200: jsonAnswer(
        'By name, the newest version first.',
        z.strictObject({ contents: z.array(versionSchema) }),
        { contents: [exampleVersion] },
      ),
    },
    async handle({ web, response }) {
      response.json({ contents: await listContents(web.ctx) });
    },
  },
];
