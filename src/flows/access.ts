import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  insertApiKey,
  readApiKey,
  readApiKeys,
  writeApiKeyRevocation,
  writeApiKeyUse,
  type ApiKeyRow,
} from '../database/access.js';
import { badInput, notFound, unauthorised } from '../errors.js';
import { readWith } from '../experiments/read-with.js';
import type { Context } from './context.js';

/** What a program may do with its key. `admin` includes all others. */
export const scopes = ['sender', 'ingest', 'analyst', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** Who is asking: a program with a key, or a person with a session. */
export interface Principal {
  readonly kind: 'key' | 'person';
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** A key as lists show it. The secret is shown once, when the key is made, and cannot be had again. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly lastUsedAt?: string;
  readonly revokedAt?: string;
}

const newKeySchema = z.strictObject({
  name: z.string().trim().min(1, 'give the key a name').max(100, 'use at most 100 characters'),
  scopes: z.array(z.enum(scopes)).min(1, 'choose at least one scope'),
});

const TOKEN = /^pst_([a-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
// "Last used" is for people; a minute is exact enough and spares a write per request.
const USE_NOTED_EVERY_MS = 60_000;

/** Makes a key. `token` is what the program sends; only its hash is kept. */
export async function createApiKey(ctx: Context, input: unknown): Promise<{ key: ApiKey; token: string }> {
  const parsed = readWith(newKeySchema, input);
  if (!parsed.ok) throw badInput('key_invalid', 'The key was not made.', parsed.problems);
  const id = randomId();
  const secret = randomSecret();
  const row = {
    id,
    name: parsed.value.name,
    scopes: [...new Set(parsed.value.scopes)],
    secret_hash: hashSecret(secret),
    created_at: ctx.clock(),
  };
  await insertApiKey(ctx.db, row);
  return { key: toApiKey({ ...row, last_used_at: null, revoked_at: null }), token: `pst_${id}_${secret}` };
}

export async function listApiKeys(ctx: Context): Promise<ApiKey[]> {
  return (await readApiKeys(ctx.db)).map(toApiKey);
}

export async function revokeApiKey(ctx: Context, id: string): Promise<void> {
  const revoked = /^[a-z0-9]{12}$/.test(id) && (await writeApiKeyRevocation(ctx.db, id, ctx.clock()));
  if (!revoked) throw notFound('key_not_found', 'There is no such key, or it was revoked before.');
}

/** Who sends this token. Unknown, wrong and revoked look the same from outside. */
export async function authenticateToken(ctx: Context, token: string): Promise<Principal> {
  const [, id, secret] = TOKEN.exec(token) ?? [];
  if (id === undefined || secret === undefined) throw unknownKey();
  const row = await readApiKey(ctx.db, id);
  // Compared even when there is no such key, so that the answer takes as long.
  const matches = sameSecret(row?.secret_hash ?? hashSecret(''), hashSecret(secret));
  if (!matches || row === undefined || row.revoked_at !== null) throw unknownKey();
  const now = ctx.clock();
  if (row.last_used_at === null || now.getTime() - row.last_used_at.getTime() > USE_NOTED_EVERY_MS) {
    await writeApiKeyUse(ctx.db, row.id, now);
  }
  return { kind: 'key', id: row.id, name: row.name, scopes: row.scopes as Scope[] };
}

/** True when the principal has one of the scopes; `admin` always does. */
export function may(principal: Principal, ...anyOf: readonly Scope[]): boolean {
  return principal.scopes.includes('admin') || anyOf.some((scope) => principal.scopes.includes(scope));
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes the same time wherever two strings differ. Both are hashed first, so that lengths tell nothing. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

export function randomSecret(): string {
  return randomBytes(32).toString('base64url');
}

function randomId(): string {
  const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'; // 32 letters: every byte maps evenly, none looks like another.
  return Array.from(randomBytes(12), (byte) => alphabet[byte % 32]).join('');
}

function unknownKey(): Error {
  return unauthorised('key_unknown', 'This API key is not known here, or it was revoked.');
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes as Scope[],
    createdAt: row.created_at.toISOString(),
    ...(row.last_used_at && { lastUsedAt: row.last_used_at.toISOString() }),
    ...(row.revoked_at && { revokedAt: row.revoked_at.toISOString() }),
  };
}
