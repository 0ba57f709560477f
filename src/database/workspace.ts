import type { Db } from './open.js';

export async function readKeyFingerprint(db: Db): Promise<string | undefined> {
  const row = await db<{ id: number; key_fingerprint: string }>('workspace').where({ id: 1 }).first();
  return row?.key_fingerprint;
}

/** Remembers the fingerprint of the first key ever used; a later one changes nothing. */
export async function keepKeyFingerprint(db: Db, fingerprint: string): Promise<void> {
  await db('workspace').insert({ id: 1, key_fingerprint: fingerprint }).onConflict('id').ignore();
}
