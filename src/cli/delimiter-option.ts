import { UsageError } from './command.js';

const named: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  pipe: '|',
};

/** The delimiter of a file, where one is given. @throws UsageError */
export function delimiterOption(given: string | undefined): { readonly delimiter?: string } {
  if (given === undefined) return {};
  const delimiter = named[given] ?? given;
  if (!/^[\t\x20-\x7e]$/.test(delimiter))
    throw new UsageError('--delimiter is one character, or comma, semicolon, tab or pipe.');
  if (delimiter === '"') throw new UsageError('The quote cannot be the delimiter.');
  return { delimiter };
}
