import type { ApiRoute } from '../api/route.js';
import { errorStatuses, openApiDocument, problemExamples } from '../openapi.js';
import { titleOf } from '../errors.js';

interface Sample {
  readonly mediaType: string;
  readonly text: string;
  readonly schema?: string;
}

/** The API in the words of its page, out of the same document that programs read. */
export function docsView(routes: readonly ApiRoute[], publicUrl: string): object {
  const document = openApiDocument(routes, publicUrl) as unknown as Document;
  const groups = [...new Set(routes.map((route) => route.group))].map((group) => ({
    name: group,
    routes: routes.filter((route) => route.group === group).map((route) => routeView(route, document)),
  }));
  const errors = Object.entries(titleOf).map(([status, title]) => ({
    status,
    title,
    example: pretty(problemExamples[Number(status)]),
  }));
  return { groups, errors, about: document.info.description, publicUrl };
}

type Media = Record<string, { schema: Record<string, unknown>; example: unknown }>;
interface Operation {
  requestBody?: { content: Media };
  responses: Record<string, { description: string; content?: Media }>;
}
interface Document {
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
}

function routeView(route: ApiRoute, document: Document): object {
  const operation = document.paths[route.path]?.[route.method];
  const answers = Object.keys(route.answers).map((status) => {
    const answer = operation?.responses[status];
    return { status, description: answer?.description ?? '', samples: samples(answer?.content) };
  });
  return {
    id: route.id,
    method: route.method.toUpperCase(),
    path: route.path,
    summary: route.summary,
    description: route.description,
    scopes: route.scopes === null ? [] : [...new Set([...route.scopes, 'admin'])],
    query: Object.entries(route.query ?? {}).map(([name, { description }]) => ({ name, description })),
    body: samples(operation?.requestBody?.content),
    answers,
    errors: errorStatuses(route),
  };
}

function samples(content: Media | undefined): Sample[] {
  return Object.entries(content ?? {}).map(([mediaType, { schema, example }]) => ({
    mediaType,
    text: typeof example === 'string' ? example : pretty(example),
    schema: pretty(schema['x-line-schema'] ?? schema),
  }));
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
