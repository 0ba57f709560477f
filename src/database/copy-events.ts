import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Knex } from 'knex';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { StoredEvent } from '../engagement/event.js';

const columns =
  'id, message_id, recipient_key, type, class, at, value, currency, order_id, item, category, url, target, properties, source, received_at';
const rowsPerChunk = 500;

/**
 * Appends events through COPY into a staging table of this connection, and from there once by their ids: for files, where
 * it is half the work of parameters. Must run in a transaction.
 *
 * @returns the ids that were new.
 */
export async function copyEvents(
  trx: Knex,
  rows: readonly StoredEvent[],
  source: string,
  now: Date,
): Promise<Set<string>> {
  await trx.raw(
    'create temporary table if not exists staged_events (like events including defaults) on commit delete rows',
  );
  // The transaction's own connection: knex has no COPY.
  const { client } = trx as unknown as { client: { acquireConnection(): Promise<ClientBase> } };
  const connection = await client.acquireConnection();
  const tail = `\t${field(source)}\t${now.toISOString()}\n`;
  const chunks = Readable.from(chunksOf(rows, tail), { objectMode: false });
  await pipeline(chunks, connection.query(copyFrom(`copy staged_events (${columns}) from stdin`)));
  const inserted = await trx.raw<{ rows: { id: string }[] }>(
    `insert into events (${columns}) select ${columns} from staged_events on conflict (id) do nothing returning id`,
  );
  await trx.raw('truncate staged_events');
  return new Set(inserted.rows.map((row) => row.id));
}

function* chunksOf(rows: readonly StoredEvent[], tail: string): Generator<Buffer> {
  for (let i = 0; i < rows.length; i += rowsPerChunk) {
    let text = '';
    for (const row of rows.slice(i, i + rowsPerChunk)) text += lineOf(row) + tail;
    yield Buffer.from(text);
  }
}

/** One row in COPY's text format, up to the columns that all rows share. */
function lineOf(row: StoredEvent): string {
  const { id, messageId, recipientKey, type, at, value, currency, order, item, category, url, target } = row;
  return [
    field(id),
    field(messageId),
    field(recipientKey),
    field(type),
    field(row.class),
    at.toISOString(),
    value === undefined ? '\\N' : value.toString(),
    field(currency),
    field(order),
    field(item),
    field(category),
    field(url),
    field(target),
    row.properties ? field(JSON.stringify(row.properties)) : '\\N',
  ].join('\t');
}

const special = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(text: string | undefined): string {
  if (text === undefined) return '\\N';
  return special.test(text) ? text.replace(/[\\\t\n\r]/g, (one) => escapes[one] ?? one) : text;
}
