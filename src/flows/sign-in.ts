import {
  deleteExpiredAccess,
  deleteSession,
  insertSession,
  insertSignInLink,
  readNobodyHasAccess,
  readSession,
  takeSignInLink,
} from '../database/access.js';
import { inTransaction } from '../database/transaction.js';
import { badInput, unauthorised } from '../errors.js';
import { hashSecret, randomSecret, type Principal, type Scope } from './access.js';
import type { Context } from './context.js';

/** What a person may do on the pages. */
export const roles = ['admin', 'analyst', 'sender'] as const;
export type Role = (typeof roles)[number];

export interface Session {
  readonly principal: Principal;
  readonly role: Role;
  /** Stands in every form of the session; a form without it was not ours. */
  readonly csrfToken: string;
}

const scopesOf: Readonly<Record<Role, readonly Scope[]>> = {
  admin: ['admin'],
  analyst: ['analyst'],
  sender: ['sender', 'ingest'],
};

const HOUR_MS = 3_600_000;
export const LINK_LIFE_MS = 24 * HOUR_MS;
export const SESSION_LIFE_MS = 14 * 24 * HOUR_MS;

/** Makes a link that signs one person in, once. Returns the token that belongs into its address. */
export async function createSignInLink(
  ctx: Context,
  person: { name: string; role: Role },
): Promise<{ token: string; expiresAt: string }> {
  const name = person.name.trim();
  if (name === '' || name.length > 100) {
    throw badInput('name_invalid', 'Say whom the link is for.', [
      { path: 'name', message: 'use 1 to 100 characters' },
    ]);
  }
  const token = randomSecret();
  const now = ctx.clock();
  const expires = new Date(now.getTime() + LINK_LIFE_MS);
  await insertSignInLink(ctx.db, {
    token_hash: hashSecret(token),
    name,
    role: person.role,
    created_at: now,
    expires_at: expires,
  });
  return { token, expiresAt: expires.toISOString() };
}

/** Turns a sign-in token into a session. Works once, however many try at the same moment. */
export async function redeemSignInLink(ctx: Context, token: string): Promise<{ sessionId: string }> {
  const sessionId = randomSecret();
  const now = ctx.clock();
  const signedIn = await inTransaction(ctx.db, async (trx) => {
    const link = await takeSignInLink(trx, hashSecret(token), now);
    if (link === undefined) return false;
    await insertSession(trx, {
      id_hash: hashSecret(sessionId),
      name: link.name,
      role: link.role,
      csrf_token: randomSecret(),
      created_at: now,
      expires_at: new Date(now.getTime() + SESSION_LIFE_MS),
    });
    return true;
  });
  if (!signedIn) {
    throw unauthorised('link_used', 'This sign-in link was used before, has expired or never existed.');
  }
  return { sessionId };
}

export async function findSession(ctx: Context, sessionId: string): Promise<Session | undefined> {
  const row = await readSession(ctx.db, hashSecret(sessionId), ctx.clock());
  if (row === undefined) return undefined;
  const role = row.role as Role;
  return {
    principal: { kind: 'person', id: row.id_hash.slice(0, 16), name: row.name, scopes: scopesOf[role] },
    role,
    csrfToken: row.csrf_token,
  };
}

export async function endSession(ctx: Context, sessionId: string): Promise<void> {
  await deleteSession(ctx.db, hashSecret(sessionId));
}

/** Forgets links and sessions whose time is over. */
export async function expireAccess(ctx: Context): Promise<{ links: number; sessions: number }> {
  return deleteExpiredAccess(ctx.db, ctx.clock());
}

/** True until the first key or link is made: then the service has to print a way in. */
export async function nobodyHasAccess(ctx: Context): Promise<boolean> {
  return readNobodyHasAccess(ctx.db);
}
