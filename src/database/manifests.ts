import type { Knex } from 'knex';
import type { Manifest } from '../strategies/manifest.js';
import { insertRows } from './insert-rows.js';

/** By their content hashes. */
export async function insertManifests(db: Knex, manifests: ReadonlyMap<string, Manifest>): Promise<void> {
  const hashes = [...manifests.keys()].sort();
  await insertRows(
    db,
    'manifests',
    {
      hash: { type: 'text', values: hashes },
      manifest: { type: 'json', values: hashes.map((hash) => JSON.stringify(manifests.get(hash))) },
    },
    'on conflict (hash) do nothing',
  );
}

export async function selectManifests(db: Knex, hashes: readonly string[]): Promise<Map<string, Manifest>> {
  const rows = await db<{ hash: string; manifest: Manifest }>('manifests').whereIn('hash', [
    ...new Set(hashes),
  ]);
  return new Map(rows.map((row) => [row.hash, row.manifest]));
}
