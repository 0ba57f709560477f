import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { OutColumn, OutRow, OutType, RowWriter, Sink } from './row-writer.js';

/** Rows that are kept in memory: readers want large groups, and the library takes a group at once. */
const groupRows = 50_000;
const dayMs = 86_400_000;

type Value = string | number | bigint | undefined;

/** Parquet with Snappy. @param about what the file says of itself, by key. */
export function parquetWriter(
  columns: readonly OutColumn[],
  sink: Sink,
  about: Readonly<Record<string, string>> = {},
): RowWriter {
  const bytes = new ByteWriter();
  const flush = async (): Promise<void> => {
    const full = Buffer.from(bytes.buffer.slice(0, bytes.index));
    bytes.index = 0;
    await sink(full);
  };
  const file = new ParquetWriter({
    writer: Object.assign(bytes, { flush, finish: flush }),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
    createdBy: 'postulate',
  });
  let waiting: OutRow[] = [];
  const writeGroup = async (): Promise<void> => {
    const rows = waiting;
    waiting = [];
    const columnData = columns.map(({ name, type }) => ({
      name,
      data: rows.map((row) => valueOf(type, row[name])),
    }));
    await file.write({ columnData, rowGroupSize: groupRows });
  };
  return {
    async write(rows) {
      waiting = waiting.concat(rows);
      if (waiting.length >= groupRows) await writeGroup();
    },
    async end() {
      if (waiting.length > 0) await writeGroup();
      await file.finish();
    },
  };
}

function elementOf({ name, type, required }: OutColumn): SchemaElement {
  return { name, ...physical[type], repetition_type: required ? 'REQUIRED' : 'OPTIONAL' };
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const;
const physical = {
  text,
  json: text,
  decimal: text,
  int: { type: 'INT64' },
  real: { type: 'DOUBLE' },
  time: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
  day: { type: 'INT32', converted_type: 'DATE' },
} as const satisfies Record<OutType, Omit<SchemaElement, 'name'>>;

function valueOf(type: OutType, value: string | number | null | undefined): Value {
  if (value === null || value === undefined) return undefined;
  switch (type) {
    case 'int':
      return BigInt(value);
    case 'time':
      return BigInt(Date.parse(String(value)));
    case 'day':
      return Date.parse(String(value)) / dayMs;
    case 'real':
      return Number(value);
    default:
      return String(value);
  }
}
