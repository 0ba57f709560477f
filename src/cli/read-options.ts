import { parseArgs, type ParseArgsConfig } from 'node:util';
import { didYouMean } from '../files/closest-name.js';
import { UsageError } from './command.js';

export type Options = NonNullable<ParseArgsConfig['options']>;

/** `parseArgs` with mistakes as sentences and a suggestion for a mistyped option. */
export function readOptions<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    throw usageError(error, options);
  }
}

/** What was written on the command line, read by these options. */
export type Given<T extends Options> = ReturnType<typeof readOptions<T>>;

function usageError(error: unknown, options: Options): unknown {
  if (!(error instanceof TypeError) || !('code' in error)) return error;
  const [first = ''] = error.message.split('\n');
  const unknown = /^Unknown option '(-{1,2}[^']*)'/.exec(error.message)?.[1];
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknown !== undefined) {
    const known = Object.keys(options).map((name) => `--${name}`);
    return new UsageError(`There is no option ${unknown}.${didYouMean(unknown, known)}`);
  }
  if (/ambiguous/.test(error.message)) {
    return new UsageError(`${first} A value that begins with a dash is written as --option=-value.`);
  }
  return new UsageError(first.endsWith('.') ? first : `${first}.`);
}
