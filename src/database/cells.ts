import type { Knex } from 'knex';
import type { Cell } from '../engagement/cells.js';
import { type CellSums, cellSumNames } from '../engagement/cell-sums.js';
import { type Column, insertRows } from './insert-rows.js';

/** The column of each sum. */
const sumColumns: Readonly<Record<keyof CellSums, string>> = {
  n: 'n',
  nonZero: 'non_zero',
  sum: 'sum',
  sumSquares: 'sum_squares',
  sumCubes: 'sum_cubes',
  sumD: 'sum_d',
  sumDD: 'sum_dd',
  sumYD: 'sum_yd',
  sumX: 'sum_x',
  sumXX: 'sum_xx',
  sumYX: 'sum_yx',
  sumDX: 'sum_dx',
  capped: 'capped',
  excess: 'excess',
};

/** Those that every metric has; the columns of the others have a default. */
const ofOutcome: ReadonlySet<keyof CellSums> = new Set(['n', 'nonZero', 'sum', 'sumSquares', 'sumCubes']);
/** Whole numbers of eight bytes, as nearly all differences are, are quicker on their way. */
const mostOfBigint = 2n ** 63n - 1n;

/** Adds differences to the stored cells, in the order of their keys: writers that meet wait, but never in a circle. */
export async function addToCells(
  db: Knex,
  experiment: string,
  differences: ReadonlyMap<string, Cell>,
): Promise<void> {
  const cells = [...differences.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  const sums = Object.fromEntries(cellSumNames.flatMap((name) => sumColumn(cells, name)));
  const grow = Object.keys(sums).map((column) => `${column} = cells.${column} + excluded.${column}`);
  await insertRows(
    db,
    'cells',
    {
      experiment: { type: 'text', all: experiment },
      metric: { type: 'text', values: cells.map((cell) => cell.metric) },
      arm: { type: 'int', values: cells.map((cell) => cell.arm) },
      allocation_version: { type: 'int', values: cells.map((cell) => cell.allocationVersion) },
      cohort: { type: 'text', values: cells.map((cell) => cell.cohort) },
      cohort_value: { type: 'text', values: cells.map((cell) => cell.cohortValue) },
      fold: { type: 'int', values: cells.map((cell) => cell.fold) },
      day: { type: 'date', values: cells.map((cell) => cell.day) },
      ...sums,
    },
    `on conflict (experiment, metric, arm, allocation_version, cohort, cohort_value, fold, day)
     do update set ${grow.join(', ')}`,
  );
}

/** The column of one sum; none where no cell has anything of it: most metrics have no denominator, covariate or cap. */
function sumColumn(cells: readonly Cell[], name: keyof CellSums): [string, Column][] {
  const values = cells.map((cell) => cell.sums[name]);
  if (!ofOutcome.has(name) && values.every((value) => value === 0n)) return [];
  const isSmall = values.every((value) => value <= mostOfBigint && value >= -mostOfBigint);
  return [[sumColumns[name], { type: isSmall ? 'bigint' : 'numeric', values }]];
}

export async function deleteCells(db: Knex, experiment: string): Promise<void> {
  await db('cells').where({ experiment }).delete();
}

/** Exact sums as the database writes them: decimal text, under the name of their column. */
export type SumsRow = Record<string, string>;

interface CellRow {
  metric: string;
  arm: number;
  allocation_version: number;
  cohort: string;
  cohort_value: string;
  fold: number;
  day: string;
}

/** The sums of every column as text: of single cells, or with `sum` of all cells in a group. */
export function sumsAsText(of: 'cell' | 'group'): string {
  return Object.values(sumColumns)
    .map((column) => (of === 'cell' ? `${column}::text` : `sum(${column})::text as ${column}`))
    .join(', ');
}

export async function selectCells(db: Knex, experiment: string): Promise<Cell[]> {
  const result = await db.raw<{ rows: (CellRow & SumsRow)[] }>(
    `select metric, arm, allocation_version, cohort, cohort_value, fold, to_char(day, 'YYYY-MM-DD') as day,
            ${sumsAsText('cell')}
     from cells where experiment = ?`,
    [experiment],
  );
  return result.rows.map((row) => ({
    metric: row.metric,
    arm: row.arm,
    allocationVersion: row.allocation_version,
    cohort: row.cohort,
    cohortValue: row.cohort_value,
    fold: row.fold,
    day: row.day,
    sums: sumsFromRow(row),
  }));
}

export function sumsFromRow(row: Readonly<Record<string, unknown>>): CellSums {
  const sums = cellSumNames.map((name) => [name, BigInt(row[sumColumns[name]] as string)] as const);
  return Object.fromEntries(sums) as Record<keyof CellSums, bigint>;
}
