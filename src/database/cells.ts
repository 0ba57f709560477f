import type { Knex } from 'knex';
import type { Cell, Cells } from '../engagement/cells.js';
import type { OutcomeSums } from '../statistics/sums.js';
import { insertRows } from './insert-rows.js';

/** Adds differences to the stored cells, in the order of their keys: writers that meet wait, but never in a circle. */
export async function addToCells(db: Knex, experiment: string, differences: Cells): Promise<void> {
  const cells = [...differences.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
  await insertRows(
    db,
    'cells',
    {
      experiment: { type: 'text', values: cells.map(() => experiment) },
      metric: { type: 'text', values: cells.map((cell) => cell.metric) },
      arm: { type: 'int', values: cells.map((cell) => cell.arm) },
      allocation_version: { type: 'int', values: cells.map((cell) => cell.allocationVersion) },
      cohort: { type: 'text', values: cells.map((cell) => cell.cohort) },
      cohort_value: { type: 'text', values: cells.map((cell) => cell.cohortValue) },
      fold: { type: 'int', values: cells.map((cell) => cell.fold) },
      day: { type: 'date', values: cells.map((cell) => cell.day) },
      n: { type: 'bigint', values: cells.map((cell) => cell.sums.n.toString()) },
      non_zero: { type: 'bigint', values: cells.map((cell) => cell.sums.nonZero.toString()) },
      sum: { type: 'numeric', values: cells.map((cell) => cell.sums.sum.toString()) },
      sum_squares: { type: 'numeric', values: cells.map((cell) => cell.sums.sumSquares.toString()) },
      sum_cubes: { type: 'numeric', values: cells.map((cell) => cell.sums.sumCubes.toString()) },
    },
    `on conflict (experiment, metric, arm, allocation_version, cohort, cohort_value, fold, day) do update set
       n = cells.n + excluded.n, non_zero = cells.non_zero + excluded.non_zero, sum = cells.sum + excluded.sum,
       sum_squares = cells.sum_squares + excluded.sum_squares, sum_cubes = cells.sum_cubes + excluded.sum_cubes`,
  );
}

export async function deleteCells(db: Knex, experiment: string): Promise<void> {
  await db('cells').where({ experiment }).delete();
}

export interface SumsRow {
  n: string;
  non_zero: string;
  sum: string;
  sum_squares: string;
  sum_cubes: string;
}

interface CellRow extends SumsRow {
  metric: string;
  arm: number;
  allocation_version: number;
  cohort: string;
  cohort_value: string;
  fold: number;
  day: string;
}

export async function selectCells(db: Knex, experiment: string): Promise<Cell[]> {
  const result = await db.raw<{ rows: CellRow[] }>(
    `select metric, arm, allocation_version, cohort, cohort_value, fold, to_char(day, 'YYYY-MM-DD') as day,
            n::text, non_zero::text, sum::text, sum_squares::text, sum_cubes::text
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

/** Exact sums as the database writes them: decimal text. */
export function sumsFromRow(row: SumsRow): OutcomeSums {
  return {
    n: BigInt(row.n),
    nonZero: BigInt(row.non_zero),
    sum: BigInt(row.sum),
    sumSquares: BigInt(row.sum_squares),
    sumCubes: BigInt(row.sum_cubes),
  };
}
