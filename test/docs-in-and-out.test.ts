import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../src/database/open.js';
import { eventSchema } from '../src/engagement/parse-event.js';
import { assignRecipients } from '../src/flows/assign-recipients.js';
import {
  dataSchema,
  dataSchemaVersion,
  exportColumns,
  type ExportTable,
  exportTables,
  importColumns,
  importKinds,
} from '../src/flows/data-schema.js';
import { exportTable } from '../src/flows/export-table.js';
import { importFile } from '../src/flows/import-file.js';
import { itemSchema } from '../src/flows/parse-item.js';
import { profileSchema } from '../src/flows/parse-profile.js';
import { rowRecorder } from '../src/flows/row-recorders.js';
import { testContext, type TestContext } from './support/context.js';
import { openTestDatabase } from './support/database.js';
import { schemaTable } from './support/schema-table.js';
import { startExample } from './flows/campaign.js';

/** docs/in-and-out.md: its schema is the real one, and its examples do what it says. */

const text = readFileSync(resolve(import.meta.dirname, '../docs/in-and-out.md'), 'utf8');
const block = (info: string): string => {
  const found = new RegExp(`^\`\`\`${info}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`There is no block ${info}.`);
  return found;
};

let database: Database;
let ctx: TestContext;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'postulate-docs-'));
  ctx = testContext(database.knex);
  const key = await startExample(ctx);
  const ids = ['ada@example.com', 'bob@example.com', 'cy@example.com', 'dee@example.com'];
  await assignRecipients(
    ctx,
    key,
    ids.map((id) => ({ id })),
  );
  ctx.setTime('2026-03-03T00:00:00.000Z');
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

describe('the schema in the documentation', () => {
  it.each(importKinds)('of %s that come in has the real columns', (kind) => {
    expect(text).toContain(`### In: ${kind}\n\n${schemaTable(importColumns[kind])}\n`);
  });

  it.each(exportTables)('of %s that go out has the real columns', (table) => {
    expect(text).toContain(`### Out: ${table}\n\n${schemaTable(exportColumns[table])}\n`);
  });

  it('has the version that programs are told', () => {
    expect(text).toContain(`## Schema, version ${dataSchemaVersion}\n`);
    expect(dataSchema()).toMatchObject({ schemaVersion: dataSchemaVersion });
  });

  it('has every field that rows may have, and no other', () => {
    const names = (kind: keyof typeof importColumns) =>
      importColumns[kind].map((column) => column.name.replace('.NAME', '')).sort();
    expect(names('events')).toEqual(Object.keys(eventSchema.shape).sort());
    expect(names('profiles')).toEqual(Object.keys(profileSchema.shape).sort());
    expect(names('items')).toEqual(Object.keys(itemSchema.shape).sort());
    expect(names('conversions').filter((name) => !names('events').includes(name))).toEqual([]);
  });

  it('says always only of fields without which a row is refused', () => {
    const shapes = { events: eventSchema, profiles: profileSchema, items: itemSchema } as const;
    for (const kind of ['events', 'profiles', 'items'] as const) {
      const required = importColumns[kind].filter((column) => column.required).map((column) => column.name);
      for (const name of required) {
        const field = shapes[kind].shape[name as never] as {
          safeParse(value: unknown): { success: boolean };
        };
        expect([kind, name, field.safeParse(undefined).success]).toEqual([kind, name, false]);
      }
    }
  });
});

describe('the examples in the documentation', () => {
  const read = async (kind: (typeof importKinds)[number], content: string) => {
    const path = join(folder, `${kind}-${content.length}`);
    writeFileSync(path, content);
    const result = await importFile(ctx, { kind, path }, { recorder: rowRecorder(ctx, kind) });
    return result.counts;
  };

  it.each([
    ['profiles', 'csv import-profiles'],
    ['items', 'csv import-items'],
    ['events', 'json import-events'],
    ['conversions', 'csv import-conversions'],
  ] as const)('of %s are recorded', async (kind, info) => {
    expect(await read(kind, block(info))).toMatchObject({ recorded: 2, refused: 0, waiting: 0 });
  });

  it('have conversions that count, and refused rows as they are shown', async () => {
    const { rows } = await database.knex.raw<{ rows: { sum: string }[] }>(
      `select sum(sum) as sum from cells where metric = 'revenue' and cohort = ''`,
    );
    expect(rows).toEqual([{ sum: String(1999 + 750) }]);
    const shown = JSON.parse(block('json')) as { line: number; row: Record<string, string> };
    const { recipient, at, order } = shown.row;
    const csv = `recipient,at,order\n${'ada@example.com,2026-03-02T10:00:00Z,o-1001\n'.repeat(2)}${recipient},${at},${order}\n`;
    expect(await read('conversions', csv)).toMatchObject({ duplicate: 2, refused: 1 });
    const refused = readFileSync(join(folder, `conversions-${csv.length}.refused.ndjson`), 'utf8');
    expect(JSON.parse(refused)).toEqual(shown);
  });

  it('have a model of dbt that runs on what was exported', async () => {
    await load('facts');
    const sql = block('sql dbt').replace("{{ source('postulate', 'facts') }}", 'warehouse.facts');
    const { rows } = await database.knex.raw<{ rows: Record<string, string>[] }>(sql.replaceAll('?', '\\?'));
    expect(rows.reduce((sum, row) => sum + Number(row['recipients']), 0)).toBe(4);
    expect(rows.reduce((sum, row) => sum + Number(row['revenue_minor']), 0)).toBe(2749);
    expect(rows.reduce((sum, row) => sum + Number(row['orders']), 0)).toBe(2);
  });
});

/** A table of exported rows, as a warehouse would have it. */
async function load(table: ExportTable): Promise<void> {
  const path = join(folder, table);
  await exportTable(ctx, { table, format: 'ndjson', range: {} }, { kind: 'file', path });
  const types = { text: 'text', int: 'bigint', decimal: 'numeric', real: 'float8', time: 'timestamptz', day: 'date', json: 'text' }; // prettier-ignore
  const columns = exportColumns[table].map(({ name, type }) => `${name} ${types[type]}`);
  await database.knex.raw('create schema warehouse');
  await database.knex.raw(`create table warehouse.${table} (${columns.join(', ')})`);
  const rows = readFileSync(path, 'utf8').trim().split('\n').join(',');
  await database.knex.raw(
    `insert into warehouse.${table} select * from json_populate_recordset(null::warehouse.${table}, ?::json)`,
    [`[${rows}]`],
  );
}
