import type { Db } from './open.js';

/** Reading and writing of the three tables that say who may come in. */

export interface ApiKeyRow {
  id: string;
  name: string;
  scopes: string[];
  secret_hash: string;
  created_at: Date;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface SignInLinkRow {
  token_hash: string;
  name: string;
  role: string;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

export interface SessionRow {
  id_hash: string;
  name: string;
  role: string;
  csrf_token: string;
  created_at: Date;
  expires_at: Date;
}

export async function insertApiKey(
  db: Db,
  row: Pick<ApiKeyRow, 'id' | 'name' | 'scopes' | 'secret_hash' | 'created_at'>,
): Promise<void> {
  await db('api_keys').insert(row);
}

export async function readApiKey(db: Db, id: string): Promise<ApiKeyRow | undefined> {
  return db<ApiKeyRow>('api_keys').where({ id }).first();
}

export async function readApiKeys(db: Db): Promise<ApiKeyRow[]> {
  return db<ApiKeyRow>('api_keys').orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }]);
}

export async function writeApiKeyUse(db: Db, id: string, at: Date): Promise<void> {
  await db('api_keys').where({ id }).update({ last_used_at: at });
}

/** False when there is no such key or it was revoked before. */
export async function writeApiKeyRevocation(db: Db, id: string, at: Date): Promise<boolean> {
  return (await db('api_keys').where({ id }).whereNull('revoked_at').update({ revoked_at: at })) === 1;
}

export async function insertSignInLink(db: Db, row: Omit<SignInLinkRow, 'used_at'>): Promise<void> {
  await db('sign_in_links').insert(row);
}

/** Marks the link as used and returns it: of any number that try at once, only one gets the row. */
export async function takeSignInLink(
  db: Db,
  tokenHash: string,
  now: Date,
): Promise<SignInLinkRow | undefined> {
  const rows = await db<SignInLinkRow>('sign_in_links')
    .where({ token_hash: tokenHash })
    .whereNull('used_at')
    .where('expires_at', '>', now)
    .update({ used_at: now })
    .returning('*');
  return rows[0];
}

export async function insertSession(db: Db, row: SessionRow): Promise<void> {
  await db('sessions').insert(row);
}

export async function readSession(db: Db, idHash: string, now: Date): Promise<SessionRow | undefined> {
  return db<SessionRow>('sessions').where({ id_hash: idHash }).where('expires_at', '>', now).first();
}

export async function deleteSession(db: Db, idHash: string): Promise<void> {
  await db('sessions').where({ id_hash: idHash }).delete();
}

/** Removes what can never be used again and returns how many rows that were. */
export async function deleteExpiredAccess(db: Db, now: Date): Promise<{ links: number; sessions: number }> {
  const links = await db('sign_in_links').where('expires_at', '<=', now).delete();
  const sessions = await db('sessions').where('expires_at', '<=', now).delete();
  return { links, sessions };
}

/** True before anybody was ever given a key or a way to sign in. */
export async function readNobodyHasAccess(db: Db): Promise<boolean> {
  const found = await db
    .select(db.raw('1 as found'))
    .from(
      db.raw(
        '(select 1 from api_keys union all select 1 from sign_in_links union all select 1 from sessions) as any_access',
      ),
    )
    .first<{ found: number } | undefined>();
  return found === undefined;
}
