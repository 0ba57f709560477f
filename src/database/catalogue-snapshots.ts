import type { Knex } from 'knex';
import type { CatalogueSnapshot, Item } from '../strategies/catalogue.js';

/** A snapshot without its items. */
export interface SnapshotInfo {
  readonly hash: string;
  readonly size: number;
  readonly createdAt: string;
}

interface Row {
  hash: string;
  items: readonly Item[];
  size: number;
  created_at: Date;
}

/** The same catalogue again is the snapshot that is there already. */
export async function insertCatalogueSnapshot(
  db: Knex,
  { hash, items }: CatalogueSnapshot,
  createdAt: Date,
): Promise<SnapshotInfo> {
  await db.raw(
    `insert into catalogue_snapshots (hash, items, size, created_at) values (?, ?::json, ?, ?) on conflict (hash) do nothing`,
    [hash, JSON.stringify(items), items.length, createdAt],
  );
  const row = await infos(db).where({ hash }).first();
  if (!row) throw new Error(`snapshot ${hash} vanished while it was being stored`);
  return toInfo(row);
}

export async function selectCatalogueSnapshot(
  db: Knex,
  hash: string,
): Promise<CatalogueSnapshot | undefined> {
  const row = await db<Row>('catalogue_snapshots').where({ hash }).first('hash', 'items');
  return row && { hash: row.hash, items: row.items };
}

/** Newest first. */
export async function selectSnapshotInfos(db: Knex, limit = 1_000): Promise<SnapshotInfo[]> {
  const rows = await infos(db).orderBy('created_at', 'desc').orderBy('hash').limit(limit);
  return rows.map(toInfo);
}

function infos(db: Knex) {
  return db<Row>('catalogue_snapshots').select('hash', 'size', 'created_at');
}

function toInfo({ hash, size, created_at }: Pick<Row, 'hash' | 'size' | 'created_at'>): SnapshotInfo {
  return { hash, size, createdAt: created_at.toISOString() };
}
