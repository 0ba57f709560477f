import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { badInput } from '../../errors.js';
import {
  dataSchemaVersion,
  type ExportColumn,
  exportColumns,
  type ExportTable,
  exportTables,
} from '../../flows/data-schema.js';
import { parseRange, type RangeTexts } from '../../flows/export-range.js';
import { exportTable } from '../../flows/export-table.js';
import { exportExamples } from './export-examples.js';
import type { ApiRoute, Call } from './route.js';

const query = {
  experiment: { description: 'Of this experiment only.', example: 'spring-subject' },
  from: { description: 'A day (UTC) or a time; rows from then on.', example: '2026-03-01' },
  to: { description: 'A day (UTC) or a time; rows before it.', example: '2026-03-02' },
  format: { description: 'ndjson or csv; ndjson unless said.', example: 'ndjson' },
} as const;

const mediaTypes = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const;
type Format = keyof typeof mediaTypes;

const what: Readonly<Record<ExportTable, { readonly summary: string; readonly by: string }>> = {
  assignments: { summary: 'Export who was drawn to what, and what was decided', by: 'time of enrolment' },
  events: { summary: 'Export events as they were recorded', by: 'time of arrival' },
  facts: { summary: 'Export outcomes and first times of every enrolled recipient', by: 'time of enrolment' },
  cells: { summary: 'Export the exact sums that reports are made of', by: 'day of enrolment' },
};

/** One row as JSON, made of the documented columns. */
export function exportedRowSchema(table: ExportTable): z.ZodType {
  return z.strictObject(
    Object.fromEntries(exportColumns[table].map((column) => [column.name, valueSchema(column)])),
  );
}

function valueSchema({ type, required, meaning }: ExportColumn): z.ZodType {
  const schema = schemas[type];
  return (required ? schema : schema.nullable()).describe(meaning);
}

const schemas = {
  text: z.string(),
  int: z.int(),
  decimal: z.string().regex(/^-?\d+$/),
  real: z.number(),
  time: z.iso.datetime(),
  day: z.iso.date(),
  json: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
} as const satisfies Record<ExportColumn['type'], z.ZodType>;

function exportRoute(table: ExportTable): ApiRoute {
  const example = exportExamples[table];
  return {
    method: 'get',
    path: `/v1/export/${table}`,
    id: `export${table.charAt(0).toUpperCase()}${table.slice(1)}`,
    group: 'Data',
    summary: what[table].summary,
    description:
      `Rows by ${what[table].by}, half-open, as of one moment and always in the same order; schema version ` +
      `${dataSchemaVersion}. Recipients appear under their pseudonyms only. The answer begins when all rows are together.`,
    scopes: ['analyst'],
    query,
    answers: {
      200: {
        description: 'The rows.',
        content: {
          'application/x-ndjson': { schema: exportedRowSchema(table), example: JSON.stringify(example) },
          'text/csv': { example: csvExample(table) },
        },
      },
    },
    errors: [404, 422],
    handle: (call) => answerExport(table, call),
  };
}

function csvExample(table: ExportTable): string {
  return `${exportColumns[table].map((column) => column.name).join(',')}\n`;
}

/**
 * The rows go into a file first: a client that reads slowly, or not at all, must not keep a transaction open, and what
 * goes wrong is still answered with a status.
 */
async function answerExport(table: ExportTable, { web, request, response }: Call): Promise<void> {
  const format = formatOf(request);
  const range = parseRange(table, rangeOf(request));
  const announce = (): Response =>
    response.attachment(`postulate-${table}.${format}`).type(mediaTypes[format]);
  if (request.method === 'HEAD') return void announce().end();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const folder = await mkdtemp(join(tmpdir(), 'postulate-spool-'));
  try {
    const path = join(folder, table);
    const { signal } = gone;
    await exportTable(web.ctx, { table, format, range }, { kind: 'file', path }, { signal });
    await pipeline(createReadStream(path), announce());
  } catch (error) {
    // Nobody is there any more to be told.
    if (!gone.signal.aborted) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function rangeOf(request: Request): RangeTexts {
  return {
    experiment: parameter(request, 'experiment'),
    from: parameter(request, 'from'),
    to: parameter(request, 'to'),
  };
}

/** Empty is not given, as forms send it; twice is not clear. */
function parameter(request: Request, name: keyof typeof query): string | undefined {
  const value = request.query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw badInput('invalid_range', 'Give each parameter once.', [{ path: name, message: 'must be one text' }]);
}

function formatOf(request: Request): Format {
  const format = parameter(request, 'format') ?? 'ndjson';
  if (format === 'ndjson' || format === 'csv') return format;
  throw badInput('invalid_format', 'There is no such format here.', [
    { path: 'format', message: 'must be ndjson or csv; "postulate export" writes Parquet files' },
  ]);
}

export const exportRoutes: readonly ApiRoute[] = exportTables.map(exportRoute);
