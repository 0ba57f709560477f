import type { Knex } from 'knex';
import { insertRows } from './insert-rows.js';

/** Named like what was being sent, or read from a file. */
export type QuarantineKind = 'events' | 'profiles' | 'items';

/** A row that was refused, and why. */
export interface QuarantinedRow {
  readonly kind: QuarantineKind;
  readonly source: string;
  /** As it came: a line of text, or what was parsed from it. */
  readonly row: unknown;
  readonly code: string;
  readonly path?: string | undefined;
  readonly message: string;
  /** Where it stood in a file or stream, from 1. */
  readonly line?: number | undefined;
  readonly receivedAt: Date;
}

/** More of the same says nothing new, and a whole file of them would be a second copy of the file. */
export const mostQuarantinedPerCall = 100;

const longestRow = 2_000;
const longestText = 400;

/** Keeps refused rows for a person to look at: the first hundred, each cut to what the eye can take in. */
export async function quarantine(db: Knex, rows: readonly QuarantinedRow[]): Promise<void> {
  const kept = rows.slice(0, mostQuarantinedPerCall);
  await insertRows(db, 'quarantine', {
    kind: { type: 'text', values: kept.map((row) => row.kind) },
    source: { type: 'text', values: kept.map((row) => storable(row.source, longestText)) },
    row_text: { type: 'text', values: kept.map((row) => storable(textOf(row.row), longestRow)) },
    code: { type: 'text', values: kept.map((row) => storable(row.code, longestText)) },
    path: {
      type: 'text',
      values: kept.map((row) => (row.path === undefined ? null : storable(row.path, longestText))),
    },
    message: { type: 'text', values: kept.map((row) => storable(row.message, longestText)) },
    line: { type: 'bigint', values: kept.map((row) => row.line ?? null) },
    received_at: { type: 'timestamptz', values: kept.map((row) => row.receivedAt) },
  });
}

/** Removes rows that came before a time, and all but the latest so many. @returns how many that were. */
export async function deleteQuarantined(db: Knex, before: Date, most: number): Promise<number> {
  const old = await db('quarantine').where('received_at', '<', before).delete();
  const many = await db('quarantine')
    .where('id', '<=', db('quarantine').select('id').orderBy('id', 'desc').offset(most).limit(1))
    .delete();
  return old + many;
}

function textOf(row: unknown): string {
  if (typeof row === 'string') return row;
  try {
    return row === undefined ? '' : JSON.stringify(row);
  } catch {
    // JSON is read without recursion and written with it.
    return '(nested too deeply to be shown)';
  }
}

/** PostgreSQL stores neither the character U+0000 nor half of a surrogate pair. */
function storable(text: string, longest: number): string {
  const cut = text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
  return cut.toWellFormed().replaceAll('\0', '\\u0000');
}
