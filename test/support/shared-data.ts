import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Real data that some tests hold our figures against; they are no part of the project. */
const DATA = new URL('../../../shared/data/', import.meta.url);

/** Rows of a gzipped CSV file by column; undefined, and said so, where it is not at hand. Without quoted line ends. */
export function sharedRows(name: string, separator = ','): Record<string, string>[] | undefined {
  const file = new URL(name, DATA);
  if (!existsSync(file)) {
    console.log(`${name} is not at hand: what is held against it is skipped.`);
    return undefined;
  }
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split(/\r?\n/);
  const header = fieldsOf(lines[0] ?? '', separator);
  return lines.slice(1).map((line) => {
    const fields = fieldsOf(line, separator);
    return Object.fromEntries(header.map((column, i) => [column, fields[i] ?? '']));
  });
}

function fieldsOf(line: string, separator: string): string[] {
  if (!line.includes('"')) return line.split(separator);
  // Only a comma may stand in quotes here.
  if (separator !== ',') return line.split(separator).map((field) => field.replace(/^"|"$/g, ''));
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) =>
    field.replace(/^"|"$/g, '').replaceAll('""', '"'),
  );
}
