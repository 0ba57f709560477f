import type { Knex } from 'knex';
import type { QuarantineKind } from '../quarantine.js';

export interface StoredQuarantinedRow {
  readonly id: string;
  readonly kind: QuarantineKind;
  readonly source: string;
  readonly rowText: string;
  readonly code: string;
  readonly path: string | null;
  readonly message: string;
  readonly line: string | null;
  readonly receivedAt: Date;
}

export interface QuarantineCount {
  readonly kind: QuarantineKind;
  readonly code: string;
  readonly path: string;
  readonly n: number;
}

/** Which rows were refused lately, the newest first? */
export async function quarantined(
  db: Knex,
  kind: string | undefined,
  limit: number,
): Promise<StoredQuarantinedRow[]> {
  const result = await db.raw<{ rows: StoredQuarantinedRow[] }>(
    `select id, kind, source, row_text as "rowText", code, path, message, line, received_at as "receivedAt"
     from quarantine where ?::text is null or kind = ? order by id desc limit ?`,
    [kind ?? null, kind ?? '', limit] as unknown as Knex.RawBinding[],
  );
  return result.rows;
}

/** How many rows were refused since then, by what and where, the most frequent first? */
export async function quarantineCounts(db: Knex, since: Date, limit: number): Promise<QuarantineCount[]> {
  const result = await db.raw<{ rows: QuarantineCount[] }>(
    `select kind, code, coalesce(path, '') as path, count(*)::int as n from quarantine
     where received_at >= ? group by 1, 2, 3 order by n desc, 1, 2, 3 limit ?`,
    [since, limit],
  );
  return result.rows;
}
