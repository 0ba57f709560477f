import { seededRandom, shuffled } from '../evaluation/random.js';
import type { RecipientRows } from '../evaluation/recipient-rows.js';
import { badInput } from '../errors.js';
import { quoted } from '../files/closest-name.js';
import type { TextColumn } from '../files/text-column.js';
import type { ModelReport } from '../strategies/model-report.js';

/** Which rows a model learns from and which it is measured on. */
export type PropensitySplit =
  | { readonly kind: 'even-odd' }
  /** The first share of the rows, for files that are in the order of time. */
  | { readonly kind: 'order'; readonly share: number }
  | { readonly kind: 'time'; readonly column: string; readonly share: number }
  | { readonly kind: 'random'; readonly testShare: number }
  | { readonly kind: 'test-file'; readonly path: string };

export interface SplitRows {
  readonly train: Int32Array;
  readonly test: Int32Array;
  readonly report: ModelReport['split'];
  /** Of a split by dates, ISO 8601. */
  readonly from?: string;
  readonly until?: string;
}

export interface RowsToSplit {
  /** By row, its place in the file from 0. */
  readonly places: Int32Array;
  readonly recipients: RecipientRows;
  readonly time?: TextColumn | undefined;
  /** Names of the file, among which one may tell of time. */
  readonly names: readonly string[];
  readonly seed: string;
}

/** Splits the rows of one file. @throws bad_input where a time cannot be read, or a side has no rows. */
export function splitRows(
  split: Exclude<PropensitySplit, { kind: 'test-file' }>,
  rows: RowsToSplit,
): SplitRows {
  const result = byKind(split, rows);
  for (const [side, name] of [
    [result.train, 'learn from'],
    [result.test, 'measure on'],
  ] as const) {
    if (side.length === 0)
      throw badInput('empty_split', `The split leaves no rows to ${name}: choose another.`);
  }
  const both = onBothSides(result, rows.recipients);
  const note =
    both > 0
      ? `${result.report.note} ${both.toLocaleString('en-US')} recipients have rows on both sides.`
      : result.report.note;
  return { ...result, report: { ...result.report, note } };
}

function byKind(split: Exclude<PropensitySplit, { kind: 'test-file' }>, rows: RowsToSplit): SplitRows {
  const all = Int32Array.from(rows.places, (_, row) => row);
  if (split.kind === 'even-odd') {
    const isEven = (row: number): boolean => (rows.places[row] as number) % 2 === 0;
    const note = `Learned from even rows of the file (the first is 0), measured on odd ones. ${flattering(rows.names)}`;
    return {
      train: all.filter(isEven),
      test: all.filter((row) => !isEven(row)),
      report: { kind: 'random', note },
    };
  }
  if (split.kind === 'order') {
    const cut = Math.floor(split.share * all.length);
    const note = `Learned from the first ${percent(split.share)} of the rows, measured on the rest: a split by time if the file is in that order.`;
    return { train: all.slice(0, cut), test: all.slice(cut), report: { kind: 'time', note } };
  }
  return split.kind === 'time' ? byTime(split, rows, all) : byChance(split, rows, all);
}

function byTime(
  { column, share }: { readonly column: string; readonly share: number },
  { time }: RowsToSplit,
  all: Int32Array,
): SplitRows {
  if (!time) throw new Error('the column of the time was not read');
  const { times, isDate } = timesOf(time, all);
  const sorted = Float64Array.from(times).sort();
  const cut = sorted[Math.floor(share * sorted.length)] ?? Infinity;
  const spell = (at: number): string => (isDate ? new Date(at).toISOString() : String(at));
  const note = `Learned from what lies before ${column} ${spell(cut)} (about ${percent(share)} of the rows), measured on that and later.`;
  return {
    train: all.filter((row) => (times[row] as number) < cut),
    test: all.filter((row) => (times[row] as number) >= cut),
    report: { kind: 'time', note },
    ...(isDate && { from: spell(sorted[0] ?? 0), until: spell(cut) }),
  };
}

const plainNumber = /^[+-]?\d+(\.\d+)?$/;
const isoDate = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Numbers, or dates as ISO 8601 writes them (without a zone: UTC). */
function timesOf({ name, texts, codes }: TextColumn, rows: Int32Array) {
  const isDate = !plainNumber.test((texts[codes[0] ?? 0] ?? '').trim());
  const values = texts.map((text) => {
    const trimmed = text.trim();
    if (!isDate) return plainNumber.test(trimmed) ? Number(trimmed) : NaN;
    if (!isoDate.test(trimmed)) return NaN;
    const zoned =
      /(Z|[+-]\d{2}:?\d{2})$/.test(trimmed.slice(10)) || trimmed.length === 10 ? trimmed : `${trimmed}Z`;
    return Date.parse(zoned.replace(' ', 'T'));
  });
  const times = Float64Array.from(rows, (row) => values[codes[row] as number] as number);
  const bad = times.findIndex(Number.isNaN);
  if (bad >= 0) {
    throw badInput(
      'bad_time',
      `Column ${quoted(name)} holds ${quoted(texts[codes[bad] as number] ?? '')}, which is no time: write numbers, or dates as 2026-11-28 or 2026-11-28T07:30:00Z, in every row.`,
    );
  }
  return { times, isDate };
}

function byChance(
  { testShare }: { readonly testShare: number },
  { recipients, names, seed }: RowsToSplit,
  all: Int32Array,
): SplitRows {
  const order = shuffled(recipients.recipients, seededRandom(`${seed} split`));
  const isTest = new Uint8Array(recipients.recipients);
  for (const recipient of order.subarray(0, Math.round(testShare * order.length))) isTest[recipient] = 1;
  const inTest = (row: number): boolean => isTest[recipients.of[row] as number] === 1;
  const note = `Measured on ${percent(testShare)} of the recipients, drawn by chance, learned from the others. ${flattering(names)}`;
  return {
    train: all.filter((row) => !inTest(row)),
    test: all.filter(inTest),
    report: { kind: 'random', note },
  };
}

/** A name that tells of time. */
const telling = /(^|[^a-z])(date|day|month|week|year|time|timestamp|sent|created|at)($|[^a-z])/i;

function flattering(names: readonly string[]): string {
  const column = names.find((name) => telling.test(name));
  const instead =
    column === undefined
      ? 'split by time where there is one'
      : `the file has ${quoted(column)}, perhaps split by time`;
  return `A split that does not heed time flatters: in use a model meets what comes later (${instead}).`;
}

function onBothSides({ train, test }: SplitRows, { recipients, of }: RecipientRows): number {
  const seen = new Uint8Array(recipients);
  for (const row of train) seen[of[row] as number] = 1;
  let both = 0;
  for (const row of test) {
    const recipient = of[row] as number;
    if (seen[recipient] === 1) both += 1;
    seen[recipient] = 2;
  }
  return both;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}
