import type { Knex } from 'knex';

/** Rows to export: half-open in time, of one experiment or of all. */
export interface ExportRange {
  readonly experiment?: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** Rows that are fetched at a time. */
export const exportBatch = 5_000;

/** A condition with its values. @param time expression of the time. */
export function timeCondition(time: string, { from, to }: ExportRange): { sql: string; bindings: string[] } {
  return {
    sql: `true${from ? ` and ${time} >= ?` : ''}${to ? ` and ${time} < ?` : ''}`,
    bindings: [from, to].flatMap((limit) => limit?.toISOString() ?? []),
  };
}

/** The same for enrolments under the name `e`. */
export function enrolledCondition(range: ExportRange): { sql: string; bindings: string[] } {
  const { sql, bindings } = timeCondition('e.enrolled_at', range);
  if (range.experiment === undefined) return { sql, bindings };
  return { sql: `${sql} and e.experiment = ?`, bindings: [...bindings, range.experiment] };
}

/** By day of enrolment, experiment and recipient, bytewise: the same on every database. */
export const enrolledOrder = `(e.enrolled_at at time zone 'UTC')::date, e.experiment collate "C", e.recipient_key collate "C"`;

export type ExportReader<Row> = (trx: Knex, range: ExportRange) => AsyncGenerator<Row[]>;
