import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/open.js';
import { PostulateError } from '../../src/errors.js';
import type { OutFormat } from '../../src/files/row-writer.js';
import type { AssignedAnswer } from '../../src/flows/assign-recipients.js';
import { exportColumns, type ExportTable, exportTables } from '../../src/flows/data-schema.js';
import { parseRange, type RangeTexts } from '../../src/flows/export-range.js';
import { exportTable } from '../../src/flows/export-table.js';
import { recordEvents } from '../../src/flows/record-events.js';
import { testContext, type TestContext } from '../support/context.js';
import { openTestDatabase } from '../support/database.js';
import { enrol, startExample } from './campaign.js';

/** One experiment over three days, with events of every sort, and a second experiment that shares recipients. */

let database: Database;
let ctx: TestContext;
let folder: string;
let enrolled: AssignedAnswer[];

const at = '2026-03-03T10:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'postulate-export-'));
  ctx = testContext(database.knex);
  const key = await startExample(ctx, {
    metrics: [
      { key: 'click', type: 'proportion', event: 'clicked', role: 'primary', direction: 'increase' },
      { key: 'revenue', type: 'money', event: 'converted' },
    ],
  });
  const second = await startExample(ctx, { key: 'other', salt: 'other' });
  ctx.setTime('2026-03-02T23:59:59.999Z');
  enrolled = await enrol(ctx, key, 8);
  ctx.setTime('2026-03-04T00:00:00.000Z');
  await enrol(ctx, key, 12);
  await enrol(ctx, second, 1);
  const [a, b] = [enrolled[0]!.messageId, enrolled[1]!.messageId];
  await recordEvents(ctx, [
    { id: 'e1', type: 'clicked', messageId: a, at, class: 'human', url: 'https://shop.example/?x=1' },
    { id: 'e2', type: 'opened', messageId: b, at, class: 'privacy_proxy' },
    { id: 'e3', type: 'converted', messageId: a, at, value: '19.99', currency: 'EUR', order: '=1+1', item: 'a,"b"\nc' },
    { id: 'e4', type: 'view', recipient: 'person-0@example.org', at, properties: { colour: 'röd' } },
    { id: 'e5', type: 'view', recipient: 'stranger@example.org', at, category: 'shoes' },
    { id: 'e6', type: 'sent', messageId: 'unknown-message', at },
    { id: 'e7', type: 'something_new', recipient: 'person-1@example.org', at },
  ]); // prettier-ignore
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
async function exported(
  table: ExportTable,
  format: OutFormat = 'ndjson',
  texts: RangeTexts = {},
): Promise<{ path: string; bytes: Buffer }> {
  const path = join(folder, `file-${(files += 1)}`);
  await exportTable(ctx, { table, format, range: parseRange(table, texts) }, { kind: 'file', path });
  return { path, bytes: readFileSync(path) };
}

async function rowsOf(table: ExportTable, texts: RangeTexts = {}): Promise<Record<string, unknown>[]> {
  const { bytes } = await exported(table, 'ndjson', texts);
  return bytes
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const keyOf = (id: string): string => ctx.pseudonyms.recipientKey(id);

describe('the rows', () => {
  it.each(exportTables)('of %s have the documented columns, in order, and no more', async (table) => {
    const names = exportColumns[table].map((column) => column.name);
    const rows = await rowsOf(table);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(Object.keys(row)).toEqual(names);
    for (const { name, required } of exportColumns[table]) {
      // A column that is required is always there; one that is not is sometimes missing, or this world is too small.
      if (required) expect([name, rows.filter((row) => row[name] === null)]).toEqual([name, []]);
    }
  });

  it('of assignments say what was drawn, decided and handed out', async () => {
    const rows = await rowsOf('assignments', { experiment: 'spring-offer' });
    expect(rows).toHaveLength(12);
    const one = enrolled[0]!;
    const row = rows.find((candidate) => candidate['recipient_key'] === keyOf('person-0@example.org'));
    expect(row).toMatchObject({
      experiment: 'spring-offer',
      arm: one.arm,
      levels: { strategy: one.arm.split('/')[0], subject: one.arm.split('/')[1] },
      cohorts: { country: 'DE' },
      messages: { '': one.messageId },
      enrolled_at: '2026-03-02T23:59:59.999Z',
      delivered: 'strategy',
      probability: 1,
    });
  });

  it('of events name experiment, wave and recipient as far as the message is known', async () => {
    const rows = new Map((await rowsOf('events')).map((row) => [row['id'], row]));
    const person = keyOf('person-0@example.org');
    expect(rows.get('e3')).toMatchObject({
      message_id: enrolled[0]!.messageId,
      experiment: 'spring-offer',
      wave: '',
      recipient_key: person,
      at,
      value_minor: 1999,
      currency: 'EUR',
      order_id: '=1+1',
      item: 'a,"b"\nc',
      source: 'api',
      received_at: '2026-03-04T00:00:00.000Z',
    });
    expect(rows.get('e1')).toMatchObject({ class: 'human', url: 'https://shop.example/' });
    expect(rows.get('e4')).toMatchObject({ message_id: null, experiment: null, wave: null, recipient_key: person, properties: { colour: 'röd' } }); // prettier-ignore
    expect(rows.get('e6')).toMatchObject({ message_id: 'unknown-message', experiment: null, wave: null, recipient_key: null }); // prettier-ignore
    expect(rows.get('e7')).toMatchObject({ type: 'something_new' });
  });

  it('of facts hold outcomes by metric and first times, also of those to whom nothing happened', async () => {
    const rows = await rowsOf('facts', { experiment: 'spring-offer' });
    const of = (i: number) => rows.find((row) => row['recipient_key'] === keyOf(`person-${i}@example.org`));
    expect(of(0)).toMatchObject({
      y: { click: 1, revenue: 1999 },
      d: {},
      x: {},
      delivered_at: at,
      opened_at: at,
      opened_human_at: at,
      clicked_human_at: at,
      converted_at: at,
      bounced_at: null,
    });
    expect(of(1)).toMatchObject({ y: { click: 0, revenue: 0 }, opened_at: at, opened_human_at: null, clicked_at: null }); // prettier-ignore
    expect(of(5)).toMatchObject({ y: { click: 0, revenue: 0 }, sent_at: null, converted_at: null });
  });

  it('of cells add up to the facts', async () => {
    const cells = await rowsOf('cells', { experiment: 'spring-offer' });
    const all = cells.filter((cell) => cell['cohort'] === '');
    const sum = (metric: string, name: string): number =>
      all.filter((cell) => cell['metric'] === metric).reduce((total, cell) => total + Number(cell[name]), 0);
    expect(sum('revenue', 'n')).toBe(12);
    expect(sum('revenue', 'sum_y')).toBe(1999);
    expect(sum('revenue', 'sum_yy')).toBe(1999 ** 2);
    expect(sum('@clicked', 'sum_y')).toBe(1);
    expect(cells.every((cell) => typeof cell['sum_y'] === 'string' && typeof cell['n'] === 'number')).toBe(
      true,
    );
  });

  it('of one experiment are its own, and events of its recipients', async () => {
    const ids = async (experiment: string) =>
      (await rowsOf('events', { experiment })).map((row) => row['id']);
    expect(await ids('spring-offer')).toEqual(['e1', 'e2', 'e3', 'e4', 'e7']);
    expect(await ids('other')).toEqual(['e4']);
    await expect(rowsOf('events', { experiment: 'nothing' })).rejects.toMatchObject({
      code: 'experiment_not_found',
    });
    expect(await rowsOf('facts', { experiment: 'other' })).toHaveLength(1);
  });

  it.each(exportTables)('of %s name nobody', async (table) => {
    const { bytes } = await exported(table);
    expect(bytes.toString()).not.toMatch(/person-\d|stranger|example\.org/);
  });

  it('are in order and half-open in time', async () => {
    const rows = await rowsOf('assignments');
    const order = rows.map((row) =>
      [String(row['enrolled_at']).slice(0, 10), row['experiment'], row['recipient_key']].join('\0'),
    );
    expect(order).toEqual([...order].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y))));
    const count = async (texts: RangeTexts) => (await rowsOf('assignments', texts)).length;
    expect(await count({ to: '2026-03-03' })).toBe(8);
    expect(await count({ to: '2026-03-02T23:59:59.999Z' })).toBe(0);
    expect(await count({ from: '2026-03-03', to: '2026-03-04' })).toBe(0);
    expect(await count({ from: '2026-03-04' })).toBe(5);
    expect(await count({ from: '2026-03-04T01:00:00+01:00' })).toBe(5);
  });
});

describe('the formats', () => {
  it.each(exportTables)('say the same of %s', async (table) => {
    const rows = await rowsOf(table);
    const csv = parse<Record<string, string>>((await exported(table, 'csv')).bytes, { columns: true });
    const file = await asyncBufferFromFile((await exported(table, 'parquet')).path);
    const parquet = await parquetReadObjects({ file });
    expect(csv).toHaveLength(rows.length);
    expect(parquet).toHaveLength(rows.length);
    rows.forEach((row, i) => {
      for (const { name, type } of exportColumns[table]) {
        const value = row[name];
        const text =
          value === null ? '' : type === 'json' ? JSON.stringify(value) : `${value as string | number}`;
        expect([name, csv[i]![name]]).toEqual([name, text]);
        expect([name, parquetText(type, parquet[i]![name])]).toEqual([name, text]);
      }
    });
  });

  it('write a Parquet file that says what it is', async () => {
    const { path } = await exported('cells', 'parquet');
    const metadata = await parquetMetadataAsync(await asyncBufferFromFile(path));
    expect(metadata.key_value_metadata).toEqual(
      expect.arrayContaining([
        { key: 'postulate.table', value: 'cells' },
        { key: 'postulate.schema', value: '1' },
      ]),
    );
    expect(metadata.schema.slice(1).map((one) => [one.name, one.repetition_type])).toEqual(
      exportColumns.cells.map(({ name, required }) => [name, required ? 'REQUIRED' : 'OPTIONAL']),
    );
  });

  it('tell nothing from the empty text in CSV, and change no text', async () => {
    const text = (await exported('events', 'csv')).bytes.toString();
    expect(text).toContain(',=1+1,"a,""b""\nc",');
    expect(text).toContain(',spring-offer,"",');
  });

  it.each(['csv', 'ndjson', 'parquet'] as const)('write an empty %s that can be read', async (format) => {
    const { path, bytes } = await exported('facts', format, { to: '2020-01-01' });
    if (format === 'parquet') {
      expect(await parquetReadObjects({ file: await asyncBufferFromFile(path) })).toEqual([]);
    } else {
      expect(bytes.toString()).toBe(
        format === 'csv' ? `${exportColumns.facts.map((one) => one.name).join(',')}\n` : '',
      );
    }
  });
});

describe('a folder', () => {
  const tree = (path: string): string[] =>
    readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .sort();

  it('has a file for each day of the range, and twice the same bytes', async () => {
    for (const format of ['csv', 'parquet'] as const) {
      const path = join(folder, `by-day-${format}`);
      const range = parseRange('assignments', { from: '2026-03-01', to: '2026-03-05' }, true);
      const run = () => exportTable(ctx, { table: 'assignments', format, range }, { kind: 'folder', path });
      expect(await run()).toEqual({ rows: 13, files: 4 });
      const names = ['01', '02', '03', '04'].map((day) => `assignments/day=2026-03-${day}/part-0.${format}`);
      expect(tree(path)).toEqual(names);
      const before = names.map((name) => readFileSync(join(path, name)));
      await run();
      expect(names.map((name) => readFileSync(join(path, name)))).toEqual(before);
    }
    const lines = (day: string): number =>
      readFileSync(join(folder, `by-day-csv/assignments/day=2026-03-${day}/part-0.csv`), 'utf8').split('\n')
        .length - 2;
    expect(['01', '02', '03', '04'].map(lines)).toEqual([0, 8, 0, 5]);
  });

  it('has only days with rows where the range is open', async () => {
    const path = join(folder, 'open');
    const result = await exportTable(
      ctx,
      { table: 'cells', format: 'csv', range: { experiment: 'other' } },
      { kind: 'folder', path },
    );
    expect(result.files).toBe(1);
    expect(tree(path)).toEqual(['cells/experiment=other/day=2026-03-04/part-0.csv']);
  });

  it('keeps what was there when the export fails, and no half-written file', async () => {
    const path = join(folder, 'failing.csv');
    writeFileSync(path, 'before');
    const controller = new AbortController();
    controller.abort();
    const request = { table: 'facts', format: 'csv', range: {} } as const;
    await expect(
      exportTable(ctx, request, { kind: 'file', path }, { signal: controller.signal }),
    ).rejects.toThrow();
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(folder).filter((name) => name.includes('tmp'))).toEqual([]);
    await expect(
      exportTable(ctx, request, { kind: 'file', path: join(path, 'below-a-file') }),
    ).rejects.toMatchObject({ code: 'cannot_write' });
    expect(existsSync(join(path, 'below-a-file'))).toBe(false);
  });
});

describe('a range', () => {
  it.each([
    ['events', { from: 'yesterday' }, 'from'],
    ['events', { from: '2026-02-30' }, 'from'],
    ['events', { to: '2026-02-30T10:00:00Z' }, 'to'],
    ['events', { from: '2026-03-01T10:00:00' }, 'from'],
    ['events', { from: '2026-03-02', to: '2026-03-02' }, 'to'],
    ['events', { from: "2026-03-02'; drop table events" }, 'from'],
    ['cells', { from: '2026-03-01T10:00:00Z' }, 'from'],
  ] as const)('of %s that is none is refused: %j', (table, texts, path) => {
    try {
      parseRange(table, texts);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(PostulateError);
      expect(error).toMatchObject({ code: 'invalid_range', problems: [{ path }] });
    }
  });

  it('of more days than anybody has is not made into as many files', async () => {
    const range = parseRange('events', { from: '1900-01-01', to: '2900-01-01' }, true);
    await expect(
      exportTable(
        ctx,
        { table: 'events', format: 'csv', range },
        { kind: 'folder', path: join(folder, 'many') },
      ),
    ).rejects.toMatchObject({ code: 'invalid_range' });
  });
});

/** What a reader of Parquet gives, as the text that stands in CSV. */
function parquetText(type: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return type === 'day' ? value.toISOString().slice(0, 10) : value.toISOString();
  return `${value as string | number}`;
}
