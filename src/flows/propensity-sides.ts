import type { Readable } from 'node:stream';
import type { BadRow } from '../files/bad-rows.js';
import type { TextColumn } from '../files/text-column.js';
import type { ColumnSpec } from '../strategies/ml/table.js';
import { labelledRows, type LabelledRows, takeLabelled } from '../strategies/ml/validation/labelled-rows.js';
import type { ModelReport } from '../strategies/model-report.js';
import { columnFor, specOf, strangersOf } from './feature-columns.js';
import { type PropensityFile, type PropensityRows, readPropensityRows } from './propensity-rows.js';
import { type PropensitySplit, type SplitRows, splitRows } from './propensity-split.js';

export interface SidesRequest extends Omit<PropensityFile, 'time'> {
  readonly split: PropensitySplit;
  /** Columns that are categories although they look like numbers. */
  readonly asText: readonly string[];
  readonly seed: string;
}

/** The rows to learn from and those held out, with columns as the first tell them. */
export interface Sides {
  readonly learned: LabelledRows;
  readonly heldOut: LabelledRows;
  readonly split: SplitRows;
  /** In words. */
  readonly outcome: string;
  readonly file: string;
  readonly gaps: NonNullable<ModelReport['labels']>['gaps'];
  readonly badRows: { readonly count: number; readonly examples: readonly BadRow[] };
  readonly notes: readonly string[];
}

/** @throws bad_input where a file cannot be read, does not fit the question, or cannot be split so. */
export async function readSides(
  request: SidesRequest,
  options: { readonly stdin?: Readable; readonly signal?: AbortSignal },
): Promise<Sides> {
  const { split } = request;
  const time = split.kind === 'time' ? split.column : undefined;
  const first = await readPropensityRows({ ...request, ...(time !== undefined && { time }) }, options);
  if (split.kind !== 'test-file') {
    const rows = splitRows(split, { ...first, seed: request.seed });
    return sidesOf(first, first, rows, request);
  }
  const features = first.features.map(({ name }) => name);
  const second = await readPropensityRows({ ...request, path: split.path, features }, options);
  const note = `Learned from ${first.name}, measured on ${second.name}: whether that is later, the files must tell.`;
  const rows: SplitRows = { train: allOf(first), test: allOf(second), report: { kind: 'none', note } };
  const sides = sidesOf(first, second, rows, request);
  const bad = [first.badRows, second.badRows];
  return {
    ...sides,
    gaps: [...first.gaps, ...second.gaps],
    badRows: {
      count: bad.reduce((sum, { count }) => sum + count, 0),
      examples: bad.flatMap(({ examples }) => examples),
    },
  };
}

const allOf = ({ labels }: PropensityRows): Int32Array => Int32Array.from(labels.keys());

function sidesOf(
  first: PropensityRows,
  second: PropensityRows,
  rows: SplitRows,
  request: SidesRequest,
): Sides {
  const specs = first.features.map((column) =>
    specOf(column, rows.train, request.asText.includes(column.name)),
  );
  return {
    learned: sideOf(first, specs, rows.train),
    heldOut: sideOf(second, specs, rows.test),
    split: rows,
    outcome: first.outcome,
    file: first.name,
    gaps: first.gaps,
    badRows: first.badRows,
    notes: specs.flatMap((spec, c) => notesOf(spec, second.features[c] as TextColumn, rows)),
  };
}

function sideOf(
  { features, labels, recipients }: PropensityRows,
  specs: readonly ColumnSpec[],
  rows: Int32Array,
): LabelledRows {
  const columns = specs.map((spec, c) => columnFor(spec, features[c] as TextColumn, rows));
  const taken = takeLabelled(labelledRows({ rows: labels.length, columns: [] }, labels, recipients), rows);
  return { ...taken, table: { rows: rows.length, columns } };
}

function notesOf(spec: ColumnSpec, heldOut: TextColumn, { train, test }: SplitRows): string[] {
  const strangers = strangersOf(spec, heldOut, test);
  const what =
    spec.type === 'category' ? 'a category that was never seen in learning' : 'a text among numbers';
  const isId = spec.type === 'category' && spec.categories.length > Math.max(50, train.length / 2);
  return [
    ...(strangers > 0
      ? [
          `${spec.name} holds ${what} in ${strangers.toLocaleString('en-US')} rows held out: missing to the model.`,
        ]
      : []),
    ...(isId
      ? [`${spec.name} has a category for nearly every row: an id, perhaps, that should be left out.`]
      : []),
  ];
}
