import type { Request, Response } from 'express';
import { may, type Scope } from '../../flows/access.js';
import type { Session } from '../../flows/sign-in.js';
import type { Assets } from '../assets.js';
import type { Web } from '../web.js';

/** A page or a form: who may see it and what it shows. */
export interface Page {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** Any of these will do, and `admin` always does. Empty: everybody who is signed in. */
  readonly scopes: readonly Scope[];
  handle(call: PageCall): Promise<void>;
}

export interface PageCall {
  readonly web: Web;
  readonly assets: Assets;
  readonly request: Request;
  readonly response: Response;
  readonly session: Session;
}

/** What the frame around every page needs to know. */
export interface Frame {
  readonly asset: (name: string) => string;
  readonly me: { readonly name: string; readonly role: string } | undefined;
  readonly csrf: string;
  readonly can: {
    readonly read: boolean;
    readonly assign: boolean;
    readonly ingest: boolean;
    readonly manage: boolean;
  };
}

export function frameOf(assets: Assets, session: Session | undefined): Frame {
  const allowed = (scope: Scope): boolean => session !== undefined && may(session.principal, scope);
  return {
    asset: (name) => assets.url(name),
    me: session && { name: session.principal.name, role: session.role },
    csrf: session?.csrfToken ?? '',
    can: {
      read: allowed('analyst'),
      assign: allowed('sender'),
      ingest: allowed('ingest'),
      manage: allowed('admin'),
    },
  };
}

/** Renders a view inside the frame. */
export async function render(
  call: PageCall,
  view: string,
  locals: { title: string; nav?: string },
): Promise<void> {
  const frame = frameOf(call.assets, call.session);
  const html = await renderView(call.response, view, { ...frame, ...locals });
  call.response.type('html').send(html);
}

export function renderView(response: Response, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    response.app.render(view, { nav: '', ...locals }, (error: Error | null, html?: string) => {
      if (error !== null) reject(error);
      else resolve(html ?? '');
    });
  });
}

/** After a form: a fresh request for the page, so that reloading sends nothing twice. */
export function goTo(response: Response, path: string): void {
  response.redirect(303, path);
}
