import { didYouMean, quoted } from '../files/closest-name.js';
import { type ImportKind, importKinds } from '../flows/data-schema.js';
import { importFile, type ImportRequest, type ImportResult } from '../flows/import-file.js';
import { rowRecorder } from '../flows/row-recorders.js';
import { printable } from '../reports/text-table.js';
import { type CommandIo, UsageError } from './command.js';
import { defineCommand } from './define-command.js';
import type { Given } from './read-options.js';
import { showProgress } from './show-progress.js';
import { withService } from './with-service.js';

const help = `postulate import events|conversions|profiles|items FILE: records the rows of a file.

FILE is CSV with a header, or NDJSON (one JSON object per line), plain or gzip; "-" reads standard input. The columns of
each kind stand in docs/in-and-out.md. Rows that are no good are left out and written to a file with line and reason; the
others are recorded. Interrupted (Ctrl+C), the same command goes on where it was.

  --refused PATH          where refused rows go (FILE.refused.ndjson)
  --again                 from the beginning, although this file was read before; rows that are there count once
  --source NAME           what the rows come from (import:FILE)
  --format csv|ndjson     found out from how the file begins
  --delimiter CHARACTER   of CSV; comma, semicolon and tab are found out
  --ignore COLUMN         leave a column of a CSV file out; repeat for each
  --text COLUMN           keep its values as text although they look like numbers; repeat for each
  --type converted|purchase   of conversions that do not say (converted)
  --id-from-content       make the id of events that have none from what stands in the row: equal rows are one event

Exit code: 0 all recorded or there before, 1 some refused or the file could not be read, 2 wrong usage, 130 interrupted.
`;

const options = {
  refused: { type: 'string' },
  again: { type: 'boolean' },
  source: { type: 'string' },
  format: { type: 'string' },
  delimiter: { type: 'string' },
  ignore: { type: 'string', multiple: true },
  text: { type: 'string', multiple: true },
  type: { type: 'string' },
  'id-from-content': { type: 'boolean' },
} as const;

const interrupted = 130;
/** Rows in a transaction on a server: the more, the less often one recipient's row is written. */
const rowsOnServer = 20_000;
const longestSource = 100;

export const importCommand = defineCommand({
  name: 'import',
  summary: 'record events, conversions, profiles or items from a file',
  help,
  options,
  async run(given, io) {
    const request = requestOf(given);
    const result = await withService(io, (ctx, { databaseUrl }) => {
      const progress = showProgress(io.stderr, request.path === '-' ? 'standard input' : request.path);
      return importFile(ctx, request, {
        recorder: rowRecorder(ctx, request.kind),
        batchRows: databaseUrl === undefined ? undefined : rowsOnServer,
        stdin: io.stdin,
        signal: io.signal,
        onProgress: progress.update,
        onContinue: (rows) => say(io, `Continuing at row ${count(rows + 1)}; --again starts over.`),
      }).finally(progress.clear);
    });
    io.stdout.write(`${printable(summary(result))}\n`);
    return saysMore(request, result, io);
  },
});

/** What else there is to know goes to standard error; gives the exit code. */
function saysMore(request: ImportRequest, result: ImportResult, io: CommandIo): number {
  if (result.interrupted) {
    const goOn = request.path === '-' ? 'reads again from the beginning' : 'goes on from there';
    say(io, `Interrupted. What is said above is recorded; the same command ${goOn}.`);
    return interrupted;
  }
  if (result.doneBefore) {
    const when = result.doneBefore.toISOString().slice(0, 16).replace('T', ' ');
    say(
      io,
      `This file was read to its end before (${when} UTC), so nothing was read now; --again reads it again.`,
    );
  }
  return result.counts.refused > 0 ? 1 : 0;
}

function requestOf({ values, positionals }: Given<typeof options>): ImportRequest {
  const [kind, path, ...more] = positionals;
  if (more.length > 0) throw new UsageError('Give one file.');
  if (kind === undefined) throw new UsageError(`Say what is in the file: ${importKinds.join(', ')}.`);
  const known = kindOf(kind);
  if (path === undefined) throw new UsageError('Name the file, or - for standard input.');
  const { refused, again, source, format, delimiter, ignore, text, type } = values;
  if (delimiter !== undefined && !/^[^"\r\n]$/.test(delimiter)) {
    throw new UsageError('A delimiter is one character, no quote and no line end.');
  }
  if (source !== undefined && (source === '' || source.length > longestSource)) {
    throw new UsageError(`A source has 1 to ${longestSource} characters.`);
  }
  if (known !== 'conversions' && type !== undefined) throw new UsageError('Only conversions take --type.');
  return {
    kind: known,
    path,
    again,
    source,
    delimiter,
    ignore,
    asText: text,
    refusedPath: refused,
    format: oneOf('--format', ['csv', 'ndjson'], format),
    type: oneOf('--type', ['converted', 'purchase'], type),
    idFromContent: values['id-from-content'],
  };
}

function kindOf(word: string): ImportKind {
  const kind = importKinds.find((one) => one === word);
  if (kind) return kind;
  throw new UsageError(
    `There is nothing to import called ${quoted(word)}.${didYouMean(word, importKinds)} It is one of ${importKinds.join(', ')}.`,
  );
}

function oneOf<T extends string>(
  name: string,
  values: readonly T[],
  given: string | undefined,
): T | undefined {
  if (given === undefined) return undefined;
  const value = values.find((one) => one === given);
  if (value === undefined) throw new UsageError(`${name} is ${values.join(' or ')}, not ${quoted(given)}.`);
  return value;
}

const shown = ['recorded', 'unchanged', 'duplicate', 'waiting', 'refused'] as const;

/** `1,000 rows: 990 recorded, 10 refused (see FILE.refused.ndjson)`. */
function summary({ rows, counts, refusedPath }: ImportResult): string {
  const parts = shown
    .filter((status) => status === 'recorded' || counts[status] > 0)
    .map(
      (status) => `${count(counts[status])} ${status}${status === 'refused' ? ` (see ${refusedPath})` : ''}`,
    );
  return `${count(rows)} ${rows === 1 ? 'row' : 'rows'}: ${parts.join(', ')}`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function say(io: CommandIo, text: string): void {
  io.stderr.write(`${printable(text)}\n`);
}
