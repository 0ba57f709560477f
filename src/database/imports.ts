import type { Knex } from 'knex';

/** What became of the rows of a file so far. */
export interface ImportCounts {
  readonly recorded: number;
  readonly duplicate: number;
  readonly waiting: number;
  readonly unchanged: number;
  readonly refused: number;
  /** Size of the file of refused rows. */
  readonly refusedBytes: number;
}

export interface StoredImport {
  readonly id: string;
  readonly rowsDone: number;
  readonly counts: ImportCounts;
  readonly finishedAt: Date | undefined;
}

export interface NewImport {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly fingerprint: string;
  readonly source: string;
  readonly counts: ImportCounts;
}

interface ImportRow {
  id: string;
  kind: string;
  fingerprint: string;
  rows_done: string;
  counts: ImportCounts;
  finished_at: Date | null;
}

/** The import of this file, begun now or found as it was left. */
export async function beginImport(db: Knex, file: NewImport, now: Date): Promise<StoredImport> {
  await db.raw(
    `insert into imports (id, kind, name, fingerprint, source, rows_done, counts, started_at, updated_at)
     values (?, ?, ?, ?, ?, 0, ?::json, ?, ?) on conflict (kind, fingerprint) do nothing`,
    [file.id, file.kind, file.name, file.fingerprint, file.source, JSON.stringify(file.counts), now, now],
  );
  const { kind, fingerprint } = file;
  const row = await db<ImportRow>('imports').where({ kind, fingerprint }).first();
  if (!row) throw new Error('The row of an import has gone.');
  return {
    id: row.id,
    rowsDone: Number(row.rows_done),
    counts: row.counts,
    finishedAt: row.finished_at ?? undefined,
  };
}

/** Says how far it is; `finishedAt` null says that it goes on. */
export async function updateImport(
  db: Knex,
  id: string,
  done: { readonly rowsDone: number; readonly counts: ImportCounts; readonly finishedAt: Date | null },
  now: Date,
): Promise<void> {
  await db.raw(
    'update imports set rows_done = ?, counts = ?::json, finished_at = ?, updated_at = ? where id = ?',
    [done.rowsDone, JSON.stringify(done.counts), done.finishedAt as unknown as string, now, id],
  );
}
