import type { Request, Response } from 'express';
import { PostulateError, unauthorised } from '../errors.js';
import { may, type Principal, type Scope } from '../flows/access.js';
import { findSession, type Session } from '../flows/sign-in.js';
import { readSessionCookie } from './session-cookie.js';
import type { Web } from './web.js';

/** The session of the person who is looking, if there is one. Asked for once per request. */
export async function sessionOf(
  web: Web,
  request: Request,
  response: Response,
): Promise<Session | undefined> {
  const locals = response.locals as { session?: Session | null };
  if (locals.session === undefined) {
    const cookie = readSessionCookie(request, web.settings.publicUrl);
    locals.session = (cookie && (await findSession(web.ctx, cookie))) || null;
  }
  return locals.session ?? undefined;
}

/**
 * Who is asking the API: the owner of the key, or, only for reading, the person whose session it is. So the links of a
 * page work, and no other site can make a browser change anything.
 */
export async function authenticate(web: Web, request: Request, response: Response): Promise<Principal> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const [, token] = /^Bearer +(\S+) *$/i.exec(header) ?? [];
    if (token === undefined) {
      throw unauthorised('key_malformed', 'Send the API key as "Authorization: Bearer pst_…".');
    }
    return web.authenticateToken(token);
  }
  const session = await sessionOf(web, request, response);
  if (session === undefined) {
    throw unauthorised('key_missing', 'This needs an API key: send it as "Authorization: Bearer pst_…".');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    throw unauthorised(
      'session_not_enough',
      'A browser session can only read here; to change something send an API key.',
    );
  }
  return session.principal;
}

/** Throws unless the principal has one of the scopes. */
export function requireScope(principal: Principal, anyOf: readonly Scope[]): void {
  if (may(principal, ...anyOf)) return;
  const needed = [...anyOf.filter((scope) => scope !== 'admin'), 'admin'].join(' or ');
  const has = principal.scopes.join(', ');
  const sentence =
    principal.kind === 'key'
      ? `This needs an API key with the scope ${needed}; this key has ${has}.`
      : `This needs the scope ${needed}; you have ${has}.`;
  throw unauthorised('scope_missing', sentence);
}

export function isUnauthenticated(error: unknown): boolean {
  return error instanceof PostulateError && error.kind === 'unauthorised' && error.code.startsWith('key_');
}
