import type { CsvLayout } from '../files/header.js';
import { quoted } from '../files/closest-name.js';
import { UsageError } from './command.js';

/** What says on the command line how a CSV file is written. */
export const layoutOptions = { delimiter: { type: 'string' }, columns: { type: 'string' } } as const;

const named: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  pipe: '|',
};

/** @throws UsageError */
export function layoutOf(values: { readonly delimiter?: string; readonly columns?: string }): CsvLayout {
  const { delimiter, columns } = values;
  return {
    ...(delimiter !== undefined && { delimiter: delimiterOf(delimiter) }),
    ...(columns !== undefined && { header: headerOf(columns) }),
  };
}

/** @throws UsageError */
export function delimiterOf(text: string): string {
  const sign = named[text] ?? text;
  if (sign === '"') throw new UsageError('The quote cannot be the delimiter.');
  if (/^[\t\x20-\x7e]$/.test(sign)) return sign;
  throw new UsageError('--delimiter is one character, or comma, semicolon, tab or pipe.');
}

/** An empty name is a mistake: left out, the names after it would stand for the wrong columns. */
function headerOf(text: string): string[] {
  const names = namesIn(text);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (names.includes('')) {
    throw new UsageError(
      `--columns ${quoted(text)}: a name is empty. Give every column of the file a name, also those that are not used.`,
    );
  }
  if (twice !== undefined) throw new UsageError(`--columns names ${quoted(twice)} twice.`);
  return names;
}

const namesIn = (text: string): string[] => text.split(',').map((name) => name.trim());

/** Names with commas between; what is empty does not count. */
export function listOf(text: string): string[] {
  return namesIn(text).filter((name) => name !== '');
}
