import { z } from 'zod';
import type { Answer, ApiRoute, Content } from './api/route.js';
import { DATABASE_FULL, problemSchema, titleOf } from './errors.js';

type Json = Record<string, unknown>;

const about = `Assign recipients to the arms of an experiment, report what happened to their messages, read what it means.

Send an API key as \`Authorization: Bearer pst_…\`. Every key has scopes: \`sender\` asks for arms, \`ingest\` reports
events, profiles and items, \`analyst\` reads experiments, reports and profiles, \`admin\` may do everything. Errors are problem details (RFC 9457) with
a stable \`code\`. An answer with status 2xx means that what it speaks of is stored.`;

/** Any of these can happen on a route that needs a key. */
const KEY_ERRORS = [401, 403, 429];
const EVERY_ERROR = [500, 503, 507];

/** The OpenAPI 3.1 description of the routes, made from the schemas that check what comes in. */
export function openApiDocument(routes: readonly ApiRoute[], publicUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Postulate',
      version: '1',
      description: about,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(routes.map((route) => route.group))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'pst_<id>_<secret>' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: publicUrl.startsWith('https:') ? '__Host-postulate' : 'postulate',
          description: 'The browser session of the pages; for reading only.',
        },
      },
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      responses: errorAnswers(),
    },
  };
}

/** Statuses of the errors that a route can answer with, in order. */
export function errorStatuses(route: ApiRoute): number[] {
  const statuses = [...(route.scopes === null ? [] : KEY_ERRORS), ...EVERY_ERROR, ...(route.errors ?? [])];
  return [...new Set(statuses)].sort((a, b) => a - b);
}

/** Made once per route: it takes milliseconds, and the document is open to everybody. */
const operations = new WeakMap<ApiRoute, Json>();

function operation(route: ApiRoute): Json {
  const made = operations.get(route) ?? describeRoute(route);
  operations.set(route, made);
  return made;
}

function describeRoute(route: ApiRoute): Json {
  const parameters = [...pathParameters(route.path), ...queryParameters(route)];
  return {
    operationId: route.id,
    tags: [route.group],
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    security: security(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: contentOf(route.body, 'input') } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [status, answerOf(answer)]),
      ),
      ...Object.fromEntries(
        errorStatuses(route).map((status) => [
          status,
          { $ref: `#/components/responses/${responseName(status)}` },
        ]),
      ),
    },
  };
}

function security(route: ApiRoute): Json[] {
  if (route.scopes === null) return [];
  const byKey = [...new Set([...route.scopes, 'admin'])].map((scope) => ({ apiKey: [scope] }));
  return route.method === 'get' ? [...byKey, { session: [] }] : byKey;
}

const pathExamples: Readonly<Record<string, string>> = {
  recipient: 'ada@example.com',
  reference: 'spring@1',
};

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    example: pathExamples[name ?? ''] ?? 'spring-subject',
  }));
}

function queryParameters(route: ApiRoute): Json[] {
  return Object.entries(route.query ?? {}).map(([name, { description, example }]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema: { type: 'string' },
    example,
  }));
}

function answerOf(answer: Answer): Json {
  return { description: answer.description, content: contentOf(answer.content, 'output') };
}

function contentOf(
  content: Answer['content'] | Readonly<Record<string, Content>>,
  io: 'input' | 'output',
): Json {
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, one]) => {
      // A stream of lines is a text for OpenAPI 3.1; the schema of one line stands beside it.
      const isText = !mediaType.includes('json') || mediaType.includes('ndjson');
      const schema = 'schema' in one ? jsonSchema(one.schema, io) : undefined;
      // YAML is another spelling of the same object; its example stands as it would be sent.
      if (mediaType.endsWith('/yaml')) return [mediaType, { schema, example: one.example }];
      if (!isText)
        return [mediaType, { schema: schema ?? { type: 'object' }, example: exampleOf(one.example) }];
      const text = { type: 'string', ...(schema && { 'x-line-schema': schema }) };
      return [mediaType, { schema: text, example: one.example }];
    }),
  );
}

function exampleOf(example: unknown): unknown {
  return typeof example === 'string' ? JSON.parse(example) : example;
}

function errorAnswers(): Json {
  return Object.fromEntries(
    Object.entries(titleOf).map(([status, title]) => [
      responseName(Number(status)),
      {
        description: title,
        content: {
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            example: problemExamples[Number(status)] ?? { status: Number(status), title },
          },
        },
      },
    ]),
  );
}

function responseName(status: number): string {
  return `Error${status}`;
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const made = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  // OpenAPI 3.1 names the dialect once, for all schemas.
  delete made['$schema'];
  return made;
}

const exampleOfProblem = (status: number, code: string, detail: string, problems: Json[] = []): Json => ({
  type: `/docs/api#error-${status}`,
  title: titleOf[status],
  status,
  code,
  detail,
  problems,
});

/** One true example for each status. */
export const problemExamples: Readonly<Record<number, Json>> = {
  400: exampleOfProblem(400, 'json_malformed', 'The body is not valid JSON: it ends too early.'),
  401: exampleOfProblem(401, 'key_unknown', 'This API key is not known here, or it was revoked.'),
  403: exampleOfProblem(
    403,
    'scope_missing',
    'This needs an API key with the scope sender or admin; this key has ingest.',
  ),
  404: exampleOfProblem(404, 'experiment_not_found', 'There is no experiment "sprnig-subject".'),
  405: exampleOfProblem(405, 'method_not_allowed', 'DELETE is not possible here, only GET, HEAD.'),
  409: exampleOfProblem(
    409,
    'wrong_status',
    '"spring-subject" is stopped and cannot start; that is the end of it.',
  ),
  413: exampleOfProblem(
    413,
    'body_too_large',
    'The body may have at most 32,000,000 bytes; send it in parts.',
  ),
  415: exampleOfProblem(415, 'content_type_wrong', 'Send the body with Content-Type: application/json.'),
  422: exampleOfProblem(422, 'invalid_experiment', 'This is not a complete and consistent experiment.', [
    { path: 'weights', message: 'give 2 weights, one for each of plain, personal' },
  ]),
  429: exampleOfProblem(
    429,
    'too_many_requests',
    'This key has made too many requests in this minute. Try again in 12 s.',
  ),
  500: {
    ...exampleOfProblem(
      500,
      'internal_error',
      'This is an error in Postulate, not in your request. It was logged under the id given here.',
    ),
    errorId: '4f6d0c3e-5d0b-4d5e-9a35-0d6f2f9c1b7a',
  },
  503: exampleOfProblem(
    503,
    'database_unavailable',
    'The database cannot be reached at the moment. Nothing was changed; try again in a few seconds.',
  ),
  507: exampleOfProblem(507, 'database_full', DATABASE_FULL),
};
