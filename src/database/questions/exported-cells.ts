import { fetchAll } from '../fetch-all.js';
import { exportBatch, type ExportReader } from './export-range.js';

export interface ExportedCellRow {
  experiment: string;
  metric: string;
  arm: number;
  allocation_version: number;
  cohort: string;
  cohort_value: string;
  fold: number;
  day: string;
  n: string;
  non_zero: string;
  sum: string;
  sum_squares: string;
  sum_cubes: string;
  sum_d: string;
  sum_dd: string;
  sum_yd: string;
  sum_x: string;
  sum_xx: string;
  sum_yx: string;
  sum_dx: string;
  capped: string;
  excess: string;
}

/** All cells of these days, with people in them. For use in a transaction. */
export const exportedCells: ExportReader<ExportedCellRow> = (trx, { experiment, from, to }) => {
  const day = (limit: Date): string => limit.toISOString().slice(0, 10);
  return fetchAll<ExportedCellRow, ExportedCellRow>(
    trx,
    `select experiment, metric, arm, allocation_version, cohort, cohort_value, fold, day, n, non_zero, sum, sum_squares,
            sum_cubes, sum_d, sum_dd, sum_yd, sum_x, sum_xx, sum_yx, sum_dx, capped, excess
     from cells
     where n <> 0 ${from ? 'and day >= ?::date' : ''} ${to ? 'and day < ?::date' : ''}
       ${experiment === undefined ? '' : 'and experiment = ?'}
     order by day, experiment collate "C", metric collate "C", arm, allocation_version, cohort collate "C",
              cohort_value collate "C", fold`,
    [from && day(from), to && day(to), experiment].filter((value) => value !== undefined),
    exportBatch,
    (rows) => rows,
  );
};
