import type { Request, Response } from 'express';
import { SESSION_LIFE_MS } from '../flows/sign-in.js';

/** With https the browser itself enforces, by the prefix, that the cookie is secure and bound to this host. */
function cookieName(secure: boolean): string {
  return secure ? '__Host-postulate' : 'postulate';
}

export function readSessionCookie(request: Request, publicUrl: string): string | undefined {
  const wanted = cookieName(publicUrl.startsWith('https:'));
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (pair.slice(0, at).trim() !== wanted) continue;
    const value = pair.slice(at + 1).trim();
    return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
  }
  return undefined;
}

export function setSessionCookie(response: Response, publicUrl: string, sessionId: string): void {
  const secure = publicUrl.startsWith('https:');
  response.cookie(cookieName(secure), sessionId, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/',
    maxAge: SESSION_LIFE_MS,
  });
}

export function clearSessionCookie(response: Response, publicUrl: string): void {
  const secure = publicUrl.startsWith('https:');
  response.clearCookie(cookieName(secure), { httpOnly: true, sameSite: 'lax', secure, path: '/' });
}
