import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { HttpProblem } from './http-problem.js';

const MINUTE_MS = 60_000;

export interface RateLimits {
  /** Counts what an API key or a person asks for. */
  readonly api: RequestHandler;
  /** Counts requests that showed no valid key, by address. */
  readonly failedKeys: RequestHandler;
  /** Counts views of pages, by address. */
  readonly pages: RequestHandler;
  /** Counts failed attempts to sign in, by address. */
  readonly signIn: RequestHandler;
}

export function rateLimits(perMinute: number): RateLimits {
  const byAddress = (request: Request): string => ipKeyGenerator(request.ip ?? 'unknown');
  const byPrincipal = (request: Request, response: Response): string => {
    const { principal } = response.locals as { principal?: { kind: string; id: string } };
    return principal ? `${principal.kind}:${principal.id}` : byAddress(request);
  };
  return {
    api: limiter(perMinute, byPrincipal, 'This key has made too many requests in this minute.'),
    failedKeys: limiter(60, byAddress, 'Too many requests without a valid API key came from your address.'),
    pages: limiter(600, byAddress, 'Too many pages were asked for from your address.'),
    signIn: limiter(20, byAddress, 'Too many attempts to sign in came from your address.', {
      skipSuccessfulRequests: true,
    }),
  };
}

function limiter(
  limit: number,
  keyGenerator: (request: Request, response: Response) => string,
  sentence: string,
  options: { skipSuccessfulRequests?: boolean } = {},
): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Headers that a proxy may add are not looked at, so they are nothing to warn of.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    ...options,
    handler: (_request, response, next) => {
      // The limiter has set Retry-After; it is repeated here because errors set their own headers.
      const wait = String(response.getHeader('Retry-After') ?? 60);
      next(
        new HttpProblem(429, 'too_many_requests', `${sentence} Try again in ${wait} s.`, {
          'Retry-After': wait,
        }),
      );
    },
  });
}
