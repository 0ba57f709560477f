import type { Readable } from 'node:stream';
import { type RecipientRows, recipientRows } from '../evaluation/recipient-rows.js';
import { badInput } from '../errors.js';
import type { BadRowsFound } from '../files/bad-rows.js';
import { didYouMean, quoted, quotedList } from '../files/closest-name.js';
import type { CsvLayout } from '../files/header.js';
import { openFile } from '../files/open-file.js';
import { type FileColumns, readColumns } from '../files/read-columns.js';
import type { TextColumn } from '../files/text-column.js';
import { yesOrNo } from '../files/yes-or-no.js';

/** What is read of a file of rows with an outcome. */
export interface PropensityFile extends CsvLayout {
  /** `-` is standard input. */
  readonly path: string;
  /** `COLUMN`, of yes and no, or `COLUMN=VALUE`. */
  readonly outcome: string;
  /** Columns that are features; or all but these (and the outcome, the recipient and the time). */
  readonly features: readonly string[] | { readonly allBut: readonly string[] };
  readonly recipient?: string;
  readonly time?: string;
  readonly skipBadRows?: boolean;
}

export interface PropensityRows {
  readonly name: string;
  /** All columns of the file. */
  readonly names: readonly string[];
  /** In words. */
  readonly outcome: string;
  readonly features: readonly TextColumn[];
  /** Of the rows that have an outcome, as all that follows. */
  readonly labels: Uint8Array;
  /** Place in the file, from 0. */
  readonly places: Int32Array;
  readonly recipients: RecipientRows;
  readonly time?: TextColumn;
  readonly gaps: readonly { readonly reason: string; readonly rows: number }[];
  readonly badRows: BadRowsFound;
}

/** Reads rows with their outcome. @throws bad_input where the file cannot be read or does not fit the question. */
export async function readPropensityRows(
  request: PropensityFile,
  options: { readonly stdin?: Readable; readonly signal?: AbortSignal },
): Promise<PropensityRows> {
  const file = await openFile(request.path, options);
  let outcome = { column: '', value: undefined as string | undefined };
  let features: readonly string[] = [];
  const read = await readColumns(file, {
    ...{ delimiter: request.delimiter, header: request.header },
    skipBadRows: request.skipBadRows === true,
    likely: likelyNames(request),
    choose: (names) => {
      outcome = outcomeOf(request.outcome, names);
      features = featuresOf(request, outcome.column, names);
      const others = [request.recipient, request.time].filter((name) => name !== undefined);
      return [outcome.column, ...features, ...others];
    },
  });
  const labels = labelsOf(read, outcome);
  const kept = Int32Array.from(labels.keys()).filter((row) => (labels[row] as number) >= 0);
  const take = (name: string): TextColumn => taken(read.columns.get(name) as TextColumn, kept);
  const ids = request.recipient === undefined ? undefined : take(request.recipient);
  const gaps = read.rows - kept.length;
  return {
    name: file.name,
    names: read.names,
    outcome: outcome.value === undefined ? outcome.column : `${outcome.column} = ${outcome.value}`,
    features: features.map(take),
    labels: Uint8Array.from(kept, (row) => labels[row] as number),
    places: kept,
    recipients: ids
      ? recipientRows(Array.from(ids.codes, (code) => ids.texts[code] as string))
      : { recipients: kept.length, of: Int32Array.from(kept.keys()) },
    ...(request.time !== undefined && { time: take(request.time) }),
    gaps: gaps > 0 ? [{ reason: `no ${quoted(outcome.column)}`, rows: gaps }] : [],
    badRows: read.badRows,
  };
}

function likelyNames({ outcome, features }: PropensityFile): string[] {
  return [outcome, outcome.replace(/=[^=]*$/, ''), ...('allBut' in features ? features.allBut : features)];
}

/** `visit`, `visit=1`; a column may have an equals sign in its own name. */
function outcomeOf(text: string, names: readonly string[]) {
  if (names.includes(text)) return { column: text, value: undefined };
  const at = text.lastIndexOf('=');
  const column = at < 0 ? text : text.slice(0, at);
  requireColumn(column, names);
  return { column, value: at < 0 ? undefined : text.slice(at + 1) };
}

function requireColumn(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw badInput(
    'file_no_column',
    `There is no column ${quoted(name)}.${didYouMean(name, names)} The file has: ${quotedList(names)}.`,
  );
}

function featuresOf(request: PropensityFile, outcome: string, names: readonly string[]): readonly string[] {
  const { features } = request;
  const roles = [outcome, request.recipient, request.time];
  if (!('allBut' in features)) {
    for (const name of features) requireColumn(name, names);
    if (features.includes(outcome)) {
      throw badInput('leak', `${quoted(outcome)} is the outcome: it cannot be one of the features as well.`);
    }
    return features;
  }
  for (const name of features.allBut) requireColumn(name, names);
  const left = names.filter((name) => !features.allBut.includes(name) && !roles.includes(name));
  if (left.length === 0) throw badInput('no_features', 'No column is left as a feature: leave out fewer.');
  return left;
}

/** By row 1 or 0; -1 where there is no outcome. */
function labelsOf(
  read: FileColumns,
  { column, value }: { column: string; value: string | undefined },
): Int8Array {
  const { codes, texts } = read.columns.get(column) as TextColumn;
  const labels = texts.map((text) => labelOf(text, value));
  const bad = codes.findIndex((code) => labels[code] === undefined);
  if (bad >= 0) {
    throw badInput(
      'bad_outcome',
      `Line ${read.lines[bad]}: column ${quoted(column)} holds ${quoted(texts[codes[bad] as number] ?? '')}, which is neither yes nor no (1/0, true/false, yes/no). Say which value is meant with --outcome ${quoted(`${column}=VALUE`)}; there are ${quotedList(texts, 8)}.`,
    );
  }
  if (value !== undefined && !labels.includes(1)) {
    throw badInput(
      'no_such_outcome',
      `No row has ${quoted(value)} in ${quoted(column)}.${didYouMean(value, texts)} It holds ${quotedList(texts, 8)}.`,
    );
  }
  return Int8Array.from(codes, (code) => labels[code] as number);
}

function labelOf(text: string, value: string | undefined): number | undefined {
  if (isMissing(text)) return -1;
  if (value === undefined) return yesOrNo(text);
  const [trimmed, wanted] = [text.trim(), value.trim()];
  if (trimmed === wanted) return 1;
  return wanted !== '' && trimmed !== '' && Number(trimmed) === Number(wanted) ? 1 : 0;
}

const missingWords = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null']);

/** An empty field, and what programs write for one: NA, N/A, NaN, null. */
export function isMissing(text: string): boolean {
  return missingWords.has(text.trim().toLowerCase());
}

function taken(column: TextColumn, rows: Int32Array): TextColumn {
  return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] as number) };
}
