import { Router, type Request, type Response } from 'express';
import { unauthorised } from '../../errors.js';
import { endSession, redeemSignInLink } from '../../flows/sign-in.js';
import type { Assets } from '../assets.js';
import { sessionOf } from '../authenticate.js';
import { readForm } from '../form.js';
import type { RateLimits } from '../rate-limits.js';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../session-cookie.js';
import type { Web } from '../web.js';
import { frameOf, goTo, renderView } from './page.js';

/** Coming in and going out. These routes work without a session, so they are no ordinary pages. */
export function signInRouter(web: Web, assets: Assets, limits: RateLimits): Router {
  const router = Router();
  router.get('/sign-in', limits.signIn, async (request, response) => {
    const { token } = request.query;
    if (typeof token !== 'string' || isOnlyLooking(request)) return showSignIn(assets, response, 200);
    const { sessionId } = await redeemSignInLink(web.ctx, token);
    setSessionCookie(response, web.settings.publicUrl, sessionId);
    goTo(response, '/');
  });
  router.post('/sign-out', async (request, response) => {
    const session = await sessionOf(web, request, response);
    const sessionId = readSessionCookie(request, web.settings.publicUrl);
    if (session === undefined || sessionId === undefined)
      throw unauthorised('signed_out', 'You are signed out already.');
    await readForm(request, session);
    await endSession(web.ctx, sessionId);
    clearSessionCookie(response, web.settings.publicUrl);
    goTo(response, '/sign-in');
  });
  return router;
}

/** Previews and prefetches must not use up a link that works once. */
function isOnlyLooking(request: Request): boolean {
  const purpose = request.get('Sec-Purpose') ?? request.get('Purpose') ?? '';
  return request.method === 'HEAD' || /prefetch|preview/i.test(purpose);
}

export async function showSignIn(assets: Assets, response: Response, status: number): Promise<void> {
  const html = await renderView(response, 'sign-in', { ...frameOf(assets, undefined), title: 'Sign in' });
  response.status(status).set('Cache-Control', 'no-store').type('html').send(html);
}
