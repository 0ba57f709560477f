import { seededRandom } from '../../src/evaluation/random.js';
import type { Column, Table } from '../../src/strategies/ml/table.js';

export interface Labelled {
  readonly table: Table;
  readonly labels: Uint8Array;
}

/** Rows of numbers and categories of which some are missing, with labels that hang on them; about a third are positive. */
export function learnable(rows: number, seed: string): Labelled {
  const random = seededRandom(seed);
  const age = Float64Array.from({ length: rows }, () => (random.next() < 0.1 ? NaN : random.normal()));
  const spend = Float64Array.from({ length: rows }, () => Math.round(random.next() * 20));
  const noise = Float64Array.from({ length: rows }, () => random.normal());
  const codes = Int32Array.from({ length: rows }, () => random.below(5) - 1);
  const labels = Uint8Array.from({ length: rows }, (_, r) => {
    const category = [0, 1.5, -1.5, 0.5, 0][(codes[r] as number) + 1] as number;
    const logOdds = -1 + 1.5 * ((age[r] as number) || 0) + 0.1 * (spend[r] as number) - 1 + category;
    return random.next() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0;
  });
  const columns: Column[] = [
    { name: 'age', type: 'number', values: age },
    { name: 'spend', type: 'number', values: spend },
    { name: 'noise', type: 'number', values: noise },
    { name: 'colour', type: 'category', codes, categories: ['blue', 'green', 'red', 'white'] },
  ];
  return { table: { rows, columns }, labels };
}

/** The same columns with values that a table holds sooner or later, whatever a model expects. */
export function hostileRows(like: Table): Table {
  const numbers = [NaN, 0, -0, 1e308, -1e308, Number.MAX_VALUE, 5e-324, Infinity, -Infinity, 2 ** 53, 0.1];
  const codes = [-1, 0, 3, 4, 1_000_000, -2_147_483_648];
  const columns = like.columns.map((column, c): Column =>
    column.type === 'number'
      ? {
          ...column,
          values: Float64Array.from({ length: 40 }, (_, r) => numbers[(r * (c + 1)) % 11] as number),
        }
      : { ...column, codes: Int32Array.from({ length: 40 }, (_, r) => codes[r % 6] as number) },
  );
  return { rows: 40, columns };
}

const numbers = (name: string, values: readonly number[]): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
});

const labelled = (labels: readonly number[], ...columns: Column[]): Labelled => ({
  table: { rows: labels.length, columns },
  labels: Uint8Array.from(labels),
});

const half = Array.from({ length: 100 }, (_, i) => i % 2);
const numbered = half.map((_, i) => i);

/** What can be learned from, if only just. */
export const hostileLessons: Readonly<Record<string, Labelled>> = {
  'two rows': labelled([0, 1], numbers('x', [0, 1])),
  'one positive': labelled([1, ...Array<number>(99).fill(0)], numbers('x', numbered)),
  'labels that a column tells for sure': labelled(half, numbers('x', half)),
  'labels that nothing tells': labelled(
    half,
    numbers('x', [...numbered.slice(50), ...numbered.slice(0, 50)]),
  ),
  'columns that are empty, constant and twice the same beside one that varies': labelled(
    half,
    numbers(
      'empty',
      numbered.map(() => NaN),
    ),
    numbers(
      'constant',
      numbered.map(() => 7),
    ),
    numbers('x', numbered),
    numbers('again', numbered),
  ),
  'a column that is missing or one value': labelled(
    half,
    numbers(
      'x',
      half.map((y) => (y ? 3 : NaN)),
    ),
  ),
  'the largest and smallest numbers': labelled(
    half,
    numbers(
      'x',
      numbered.map((i) => (i % 2 ? Number.MAX_VALUE : -Number.MAX_VALUE) / (1 + i)),
    ),
    numbers(
      'y',
      numbered.map((i) => i * 5e-324),
    ),
    numbers(
      'z',
      numbered.map((i) => 1 + i * Number.EPSILON),
    ),
    numbers(
      'infinite',
      numbered.map((i) => (i % 3 ? Infinity : -i)),
    ),
  ),
  'rows that are all twice there with both labels': labelled(
    half,
    numbers(
      'x',
      numbered.map((i) => i >> 1),
    ),
  ),
  'a category for each row': {
    table: {
      rows: 400,
      columns: [
        {
          name: 'id',
          type: 'category',
          codes: Int32Array.from({ length: 400 }, (_, i) => i),
          categories: Array.from({ length: 400 }, (_, i) => `id${1_000 + i}`),
        },
      ],
    },
    labels: Uint8Array.from({ length: 400 }, (_, i) => i % 2),
  },
};

/** What nothing can be learned from, by the code of the refusal. */
export const unlearnable: readonly (readonly [string, string, Labelled])[] = [
  ['no_rows', 'no rows', labelled([], numbers('x', []))],
  ['one_label', 'labels all 0', labelled([0, 0, 0], numbers('x', [1, 2, 3]))],
  ['one_label', 'labels all 1', labelled([1, 1, 1], numbers('x', [1, 2, 3]))],
  ['no_columns', 'no columns', labelled([0, 1])],
  ['no_columns', 'a constant column', labelled([0, 1], numbers('x', [1, 1]))],
  ['no_columns', 'an empty column', labelled([0, 1], numbers('x', [NaN, NaN]))],
  [
    'no_columns',
    'a column of one category and one without any',
    labelled(
      [0, 1],
      { name: 'a', type: 'category', codes: Int32Array.of(0, 0), categories: ['x'] },
      { name: 'b', type: 'category', codes: Int32Array.of(-1, -1), categories: [] },
    ),
  ],
];

/** Tables that were not made for a model of this one: columns fewer, in another order, of other names, types and categories. */
export function otherTables(table: Table): readonly (readonly [string, Table])[] {
  const [first, ...rest] = table.columns;
  const other = (column: Column): Table => ({ rows: table.rows, columns: [column, ...rest] });
  return [
    ['a column less', { rows: table.rows, columns: rest }],
    ['a column more', { rows: table.rows, columns: [...table.columns, { ...first!, name: 'more' }] }],
    ['another order', { rows: table.rows, columns: table.columns.toReversed() }],
    ['another name', other({ ...first!, name: 'other' })],
    [
      'another type',
      other({ name: first!.name, type: 'category', codes: new Int32Array(table.rows), categories: ['a'] }),
    ],
    [
      'other categories',
      {
        rows: table.rows,
        columns: table.columns.map((one) =>
          one.type === 'category' ? { ...one, categories: [...one.categories, 'yellow'] } : one,
        ),
      },
    ],
  ];
}
