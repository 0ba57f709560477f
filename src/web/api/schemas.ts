import { strategyJsonSchema } from '../../flows/describe-strategies.js';
import type { ApiRoute } from './route.js';

const kinds = [
  { kind: 'rules', id: 'rulesSchema', title: 'Rules' },
  { kind: 'tree', id: 'treeSchema', title: 'Decision trees' },
] as const;

/** For editors and other programs that write definitions. */
export const schemaRoutes: readonly ApiRoute[] = kinds.map(({ kind, id, title }) => ({
  method: 'get',
  path: `/schemas/${kind}.json`,
  id,
  group: 'Strategies',
  summary: `${title} as JSON Schema`,
  description:
    'What may be written, as JSON Schema (2020-12). Limits of number and what depends on several fields are not in it: registering a strategy has the last word.',
  scopes: null,
  answers: {
    200: {
      description: 'A JSON Schema.',
      content: {
        'application/json': {
          example: `{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"kind":{"type":"string","const":"${kind}"}}}`,
        },
      },
    },
  },
  handle({ response }) {
    response.json(strategyJsonSchema(kind));
    return Promise.resolve();
  },
}));
