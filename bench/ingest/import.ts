import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { importFile } from '../../src/flows/import-file.js';
import { rowRecorder } from '../../src/flows/row-recorders.js';
import type { Incoming } from './bare.js';
import { enrol, makeEvents, openWorld } from './world.js';

/** Importing a CSV file of events, with facts and cells, against COPY of the same file into a staging table and insert. */

const recipients = Number(process.env['RECIPIENTS'] ?? 200_000);
const total = Number(process.env['EVENTS'] ?? 500_000);
const fields = ['id', 'type', 'messageId', 'at', 'class', 'value', 'currency'] as const;

async function writeCsv(path: string, events: readonly Incoming[]): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${fields.join(',')}\n`);
  for (const event of events) file.write(`${fields.map((field) => event[field] ?? '').join(',')}\n`);
  file.end();
  await finished(file);
}

/** What any import must at least do: the file as it is into a table, and each id once from there. */
async function bareImport(url: string, path: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    'create unlogged table staging (id text, type text, message_id text, at timestamptz, class text, value numeric, currency text)',
  );
  const copy = client.query(copyFrom('copy staging from stdin (format csv, header true)'));
  await pipeline(createReadStream(path), copy);
  await client.query(
    `insert into bare (id, message_id, type, class, at, value, currency, source, received_at)
     select id, message_id, type, class, at, (value * 100)::bigint, currency, 'file', now() from staging
     on conflict (id) do nothing`,
  );
  await client.end();
}

const folder = mkdtempSync(join(tmpdir(), 'postulate-bench-'));
const world = await openWorld();
try {
  const { ctx, database, url } = world;
  const ids = await enrol(ctx, 'bench', recipients);
  await database.knex.raw('create table bare (like events including defaults)');
  await database.knex.raw('alter table bare add primary key (id)');
  await database.knex.raw('vacuum analyze');
  const path = join(folder, 'events.csv');
  await writeCsv(path, makeEvents(ids, total) as Incoming[]);
  let start = performance.now();
  await bareImport(url, path);
  const bare = (performance.now() - start) / 1_000;
  start = performance.now();
  const result = await importFile(
    ctx,
    { kind: 'events', path, source: 'bench' },
    { recorder: rowRecorder(ctx, 'events'), batchRows: 20_000 },
  );
  const ours = (performance.now() - start) / 1_000;
  console.log(
    `${total} events of ${recipients} recipients: COPY and insert ${bare.toFixed(1)} s, import ${ours.toFixed(1)} s, ratio ${((100 * bare) / ours).toFixed(0)} %`,
    JSON.stringify(result.counts),
  );
} finally {
  await world.close();
  rmSync(folder, { recursive: true });
}
