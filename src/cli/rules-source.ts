import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { badInput } from '../errors.js';
import { quoted } from '../files/closest-name.js';
import type { Context } from '../flows/context.js';
import { findStrategyNamed } from '../flows/find-strategy.js';
import { type ParsedStrategy, parseStrategy, pinStrategy } from '../flows/read-strategy.js';
import { readStrategyText } from '../flows/read-strategy-text.js';
import { UsageError } from './command.js';

/** A strategy as it is named on the command line. */
export type Source =
  | { readonly kind: 'file'; readonly label: string; readonly definition: { readonly kind: string } }
  | { readonly kind: 'stored'; readonly label: string };

const mostBytes = 4_000_000;

/** What an argument names: a file where there is one, or where it looks like one. */
export async function sourceOf(argument: string): Promise<Source> {
  const looksLikeFile = /\.(ya?ml|json)$/i.test(argument) || /[\\/]/.test(argument);
  if (!looksLikeFile && !existsSync(argument)) return { kind: 'stored', label: argument };
  return { kind: 'file', label: argument, definition: await readFileDefinition(argument) };
}

async function readFileDefinition(path: string): Promise<{ kind: string }> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw badInput('file_too_large', `${quoted(path)} is larger than 4 MB.`);
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof TypeError) throw badInput('file_not_text', `${quoted(path)} is not text in UTF-8.`);
    if (!(error instanceof Error) || !('code' in error) || 'problems' in error) throw error;
    const missing = error.code === 'ENOENT' ? 'There is no file' : 'This cannot be read:';
    throw badInput('file_unreadable', `${missing} ${quoted(path)}.`);
  }
  const read = readStrategyText(text);
  if (read.ok) return read.written;
  const problems = read.problems.map(({ line, column, path: where, message }) => ({
    path: [`line ${line}, column ${column}`, ...(where === '' ? [] : [where])].join(': '),
    message,
  }));
  throw badInput('invalid_strategy', `${quoted(path)} has mistakes.`, problems);
}

/** Without a database: of files only. */
export function parsedAlone({ label, definition }: Source & { kind: 'file' }): ParsedStrategy {
  const parsed = parseStrategy(definition);
  if (!parsed.ok) throw badInput('invalid_strategy', `${quoted(label)} has mistakes.`, parsed.problems);
  return parsed.value;
}

/** With a database: what a file names is pinned, as when it is registered. */
export async function strategyOf(ctx: Context, source: Source): Promise<ParsedStrategy> {
  if (source.kind === 'stored') return findStrategyNamed(ctx, source.label);
  const pinned = await pinStrategy(ctx.db, source.definition);
  if (!pinned.ok)
    throw badInput('invalid_strategy', `${quoted(source.label)} has mistakes.`, pinned.problems);
  return pinned.value;
}

/** The one argument of a command. */
export function onlyArgument(positionals: readonly string[], what: string): string {
  const [argument, ...more] = positionals;
  if (argument === undefined) throw new UsageError(`Name ${what}.`);
  if (more.length > 0) throw new UsageError(`Name one only; what is ${quoted(more[0] ?? '')}?`);
  return argument;
}

/** A number of recipients from an option. */
export function recipientsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`--recipients is a whole number such as 10000, not "${text}".`);
}

/** Stored recipients that are looked at where nobody says how many. */
export const usualRecipients = 10_000;
