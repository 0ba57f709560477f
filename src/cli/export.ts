import { statSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { once } from 'node:events';
import { didYouMean, quoted } from '../files/closest-name.js';
import { type OutFormat, outFormats } from '../files/row-writer.js';
import { dataSchema, type ExportTable, exportTables } from '../flows/data-schema.js';
import { parseRange } from '../flows/export-range.js';
import { type ExportRequest, exportTable, type ExportTarget } from '../flows/export-table.js';
import { printable } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import { wipeCount, withService } from './with-service.js';

const help = `postulate export assignments|events|facts|cells: writes a table for a warehouse.

Recipients appear under their pseudonyms only. The columns stand in docs/in-and-out.md; "postulate export --schema" prints
them as JSON, with the version of the schema. The same range of the same rows gives the same bytes.

  --from DAY --to DAY     half-open, UTC: --to is no longer in it. Times such as 2026-03-01T09:00:00Z will do as well.
                          Assignments and facts by enrolment, events by arrival, cells by day of enrolment
  --experiment KEY        of one experiment only
  --format csv|ndjson|parquet   (csv)
  --out FILE              a file; it is there whole or not at all
  --out FOLDER/           files by day: FOLDER/events/day=2026-03-01/part-0.csv; days of the range are written anew
  --out -                 standard output (the default; not for parquet)

Exit code: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
`;

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  experiment: { type: 'string' },
  format: { type: 'string', default: 'csv' },
  out: { type: 'string', default: '-' },
  schema: { type: 'boolean' },
} as const;

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'write assignments, events, facts or cells for a warehouse',
  help,
  options,
  async run({ values, positionals }, io) {
    if (values.schema) {
      io.stdout.write(`${JSON.stringify(dataSchema(), null, 2)}\n`);
      return 0;
    }
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) {
      throw new UsageError(`Say which table: ${exportTables.join(', ')}.`);
    }
    const table = tableOf(name);
    const format = formatOf(values.format);
    const target = targetOf(values.out, io.stdout);
    if (target.kind === 'sink' && format === 'parquet') {
      throw new UsageError('Parquet is written into files: name one with --out FILE or --out FOLDER/.');
    }
    const range = parseRange(table, values, target.kind === 'folder');
    await write({ table, range, format }, target, io);
    return 0;
  },
});

async function write(request: ExportRequest, target: ExportTarget, io: CommandIo): Promise<void> {
  const onRows = (rows: number): void => {
    if (io.stderr.isTTY === true) io.stderr.write(`\r\x1b[2K${rows.toLocaleString('en-US')} rows`);
  };
  const { to } = request.range;
  const now = io.now();
  const result = await withService(io, (ctx) =>
    exportTable(ctx, request, target, { signal: io.signal, onRows }),
  ).finally(() => wipeCount(io));
  if (target.kind === 'sink') return;
  const files =
    target.kind === 'folder' ? ` in ${result.files} ${result.files === 1 ? 'file' : 'files'}` : '';
  const said = `${result.rows.toLocaleString('en-US')} ${result.rows === 1 ? 'row' : 'rows'}${files}: ${target.path}`;
  io.stdout.write(`${printable(said)}\n`);
  if (target.kind === 'folder' && (!to || to > now)) {
    io.stderr.write('Today is not over, so its file is not complete: export it again tomorrow.\n');
  }
}

function tableOf(word: string): ExportTable {
  const table = exportTables.find((one) => one === word);
  if (table) return table;
  throw new UsageError(
    `There is no table ${quoted(word)}.${didYouMean(word, exportTables)} It is one of ${exportTables.join(', ')}.`,
  );
}

function formatOf(word: string): OutFormat {
  const format = outFormats.find((one) => one === word);
  if (format) return format;
  throw new UsageError(`--format is ${outFormats.join(', ')}, not ${quoted(word)}.`);
}

function targetOf(out: string, stdout: Writable): ExportTarget {
  if (out === '-') return { kind: 'sink', sink: (bytes) => writeTo(stdout, bytes) };
  const isFolder = out.endsWith('/') || statSync(out, { throwIfNoEntry: false })?.isDirectory() === true;
  return { kind: isFolder ? 'folder' : 'file', path: out };
}

async function writeTo(stdout: Writable, bytes: Uint8Array): Promise<void> {
  if (!stdout.write(bytes)) await once(stdout, 'drain');
}
