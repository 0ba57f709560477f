import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Request } from 'express';
import { z } from 'zod';
import { PostulateError, type ErrorKind, type InputProblem } from '../errors.js';
import { isFullDisk, isOutage } from '../flows/check-health.js';
import { HttpProblem } from './http-problem.js';
import type { Web } from './web.js';

/** Problem details (RFC 9457): the one shape of every error of the API. */
export const problemSchema = z.object({
  type: z.string().describe('Address of what is written about this kind of error.'),
  title: z.string(),
  status: z.int(),
  code: z.string().describe('Stable; for programs.'),
  detail: z.string().describe('What is wrong and what to do; for people.'),
  problems: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .describe('What is wrong with which part of the input; often empty.'),
  errorId: z.string().optional().describe('Under which the log tells more; only with status 500.'),
});
export type Problem = z.infer<typeof problemSchema> & { headers?: Readonly<Record<string, string>> };

const statusOf: Readonly<Record<ErrorKind, number>> = {
  bad_input: 422,
  unauthorised: 401,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
};

/** The kinds of error by status, as the API and its documentation call them. */
export const titleOf: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Wrong method',
  409: 'Not possible in this state',
  413: 'Too large',
  415: 'Wrong content type',
  422: 'The input is not valid',
  429: 'Too many requests',
  500: 'An error in Postulate',
  503: 'Not available at the moment',
  507: 'No room left',
};

/** Unauthorised, but who is asking is known: signing in again would not help. */
const FORBIDDEN_CODES = new Set(['scope_missing', 'form_expired', 'session_not_enough']);

const DATABASE_DOWN =
  'The database cannot be reached at the moment. Nothing was changed; try again in a few seconds.';

export const DATABASE_FULL =
  "The database's disk is full. Nothing of this call was recorded; send it again once there is room: sent again, nothing counts twice.";

/** The only place where an error becomes an answer. */
export function toProblem(error: unknown, web: Web): Problem {
  if (error instanceof HttpProblem) {
    return problem(web, error.status, error.code, error.message, [], error.headers);
  }
  if (error instanceof PostulateError) {
    const status = FORBIDDEN_CODES.has(error.code) ? 403 : statusOf[error.kind];
    const headers = headersFor(status);
    return problem(web, status, error.code, error.message, error.problems, headers);
  }
  if (isOutage(error)) {
    return problem(web, 503, 'database_unavailable', DATABASE_DOWN, [], headersFor(503));
  }
  if (isFullDisk(error)) {
    return problem(web, 507, 'database_full', DATABASE_FULL, [], headersFor(507));
  }
  const known = toFrameworkProblem(error);
  if (known) return problem(web, known.status, known.code, known.message);
  const detail = 'This is an error in Postulate, not in your request. It was logged under the id given here.';
  return { ...problem(web, 500, 'internal_error', detail), errorId: randomUUID() };
}

function problem(
  web: Web,
  status: number,
  code: string,
  detail: string,
  problems: readonly InputProblem[] = [],
  headers: Readonly<Record<string, string>> = {},
): Problem {
  const type = `${web.settings.publicUrl}/docs/api#error-${status}`;
  return { type, title: titleOf[status] ?? 'Error', status, code, detail, problems: [...problems], headers };
}

function headersFor(status: number): Record<string, string> {
  if (status === 401) return { 'WWW-Authenticate': 'Bearer realm="postulate"' };
  return status === 503 ? { 'Retry-After': '5' } : status === 507 ? { 'Retry-After': '60' } : {};
}

/** Express and its parsers mark errors that are the client's with a status below 500. */
function toFrameworkProblem(error: unknown): HttpProblem | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  if (status === 413)
    return new HttpProblem(413, 'body_too_large', 'The body is larger than this address takes.');
  if (status === 415)
    return new HttpProblem(415, 'encoding_unknown', 'Send the body as UTF-8, plain or with gzip.');
  return new HttpProblem(
    400,
    'request_unreadable',
    'The address or the body of this request cannot be read.',
  );
}

/** Answers with problem+json, or with a page where a person is looking. */
export function answerErrors(
  web: Web,
  isApi: (request: Request) => boolean,
  renderPage: (request: Request, found: Problem) => Promise<string>,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (isGone(error)) return;
    const found = toProblem(error, web);
    const { headers, ...body } = found;
    if (found.status >= 500) {
      web.ctx.log.error(
        { err: error, errorId: found.errorId, method: request.method, path: request.path },
        found.status === 500 ? 'A request failed because of a bug.' : 'A request could not be served.',
      );
    }
    // Too late for another answer: the connection is cut, so that the reader notices.
    if (response.headersSent) return void response.destroy();
    response
      .status(found.status)
      .set(headers ?? {})
      .set('Cache-Control', 'no-store');
    if (isApi(request)) return void response.type('application/problem+json').send(JSON.stringify(body));
    renderPage(request, found).then((html) => response.type('html').send(html), next);
  };
}

/** The client has closed the connection in the middle of its request: nobody is left to answer, and nothing is wrong. */
function isGone(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === 'ECONNRESET' && message === 'aborted';
}
