import type { Knex } from 'knex';
import type { Report } from '../reports/report.js';

interface SnapshotRow {
  id: string;
  experiment: string;
  as_of: Date;
  report: Report;
}

/** Freezes a report under its id; one that says the same is there already and stays as it is. */
export async function keepSnapshot(
  db: Knex,
  experiment: string,
  id: string,
  report: Report,
): Promise<Report> {
  await db.raw(
    `insert into snapshots (id, experiment, as_of, report) values (?, ?, ?, ?::json) on conflict (id) do nothing`,
    [id, experiment, report.asOf, JSON.stringify(report)],
  );
  return (await selectSnapshot(db, experiment, id)) ?? report;
}

export async function selectSnapshot(db: Knex, experiment: string, id: string): Promise<Report | undefined> {
  const row = await db<SnapshotRow>('snapshots').where({ experiment, id }).first();
  return row?.report;
}
