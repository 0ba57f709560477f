import type { Knex } from 'knex';
import { experimentKey } from './campaign.js';

const sums =
  'n non_zero sum sum_squares sum_cubes sum_d sum_dd sum_yd sum_x sum_xx sum_yx sum_dx capped excess'.split(
    ' ',
  );

/**
 * All cells of the experiment as one text, days added up: two databases that were filled on two sides of midnight have the
 * same. Cells that hold nothing but zeros are left by corrections, and count for nothing.
 */
export async function cellsHash(db: Knex): Promise<string> {
  const totals = sums.map((name) => `sum(${name})::text`).join(`, `);
  const result = await db.raw<{ rows: { hash: string | null }[] }>(
    `select md5(string_agg(line, E'\\n' order by line)) as hash from (
       select concat_ws('|', metric, arm, allocation_version, cohort, cohort_value, fold, ${totals}) as line
       from cells where experiment = ?
       group by metric, arm, allocation_version, cohort, cohort_value, fold
       having ${sums.map((name) => `sum(${name}) <> 0`).join(' or ')}) lines`,
    [experimentKey],
  );
  return result.rows[0]?.hash ?? 'no cells';
}
