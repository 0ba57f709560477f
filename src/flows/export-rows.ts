import type { Knex } from 'knex';
import { selectAllExperiments } from '../database/experiments.js';
import type { StoredFacts } from '../database/facts.js';
import type { ExportRange } from '../database/questions/export-range.js';
import { type AssignmentRow, exportedAssignments } from '../database/questions/exported-assignments.js';
import { type ExportedCellRow, exportedCells } from '../database/questions/exported-cells.js';
import { type ExportedEventRow, exportedEvents } from '../database/questions/exported-events.js';
import { exportedFacts } from '../database/questions/exported-facts.js';
import { type FactRules, factRules, factsOf } from '../engagement/facts.js';
import { firstTimes, timedStations } from '../engagement/first-times.js';
import { decodeHistory } from '../engagement/history.js';
import { armsOf, levelsByFactor } from '../experiments/arms.js';
import type { Arm, StoredExperiment } from '../experiments/experiment.js';
import type { OutRow } from '../files/row-writer.js';
import type { Context } from './context.js';
import type { ExportTable } from './data-schema.js';
import { findExperiment } from './find-experiment.js';
import { withHint } from './message-address.js';

export type { ExportRange } from '../database/questions/export-range.js';

/** An experiment as the rows of exports need it, prepared once. */
interface Known {
  readonly experiment: StoredExperiment;
  readonly arms: readonly Arm[];
  readonly rules: FactRules;
}
type Book = ReadonlyMap<string, Known>;

/**
 * Gives the rows of one table batch by batch, all as of one moment, in an order that is always the same. Takes part of a
 * connection for as long as `take` does: whoever is slow must not be waited for in it.
 *
 * @throws not_found `experiment_not_found`.
 */
export async function exportRows(
  ctx: Context,
  table: ExportTable,
  range: ExportRange,
  take: (rows: readonly OutRow[]) => Promise<void>,
): Promise<void> {
  if (range.experiment !== undefined) await findExperiment(ctx, range.experiment);
  // Reading only, so nobody is in the way and there is nothing to try again.
  await ctx.db.transaction(
    async (trx) => {
      const book = await bookOf(trx);
      for await (const rows of rowsOf(trx, table, range, book)) await take(rows);
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

async function bookOf(trx: Knex): Promise<Book> {
  const experiments = await selectAllExperiments(trx);
  return new Map(
    experiments.map((experiment) => [
      experiment.key,
      { experiment, arms: armsOf(experiment.factors), rules: factRules(experiment) },
    ]),
  );
}

async function* rowsOf(
  trx: Knex,
  table: ExportTable,
  range: ExportRange,
  book: Book,
): AsyncGenerator<OutRow[]> {
  switch (table) {
    case 'assignments':
      for await (const rows of exportedAssignments(trx, range))
        yield rows.map((row) => assignment(row, book));
      break;
    case 'events':
      for await (const rows of exportedEvents(trx, range)) yield rows.map(event);
      break;
    case 'facts':
      for await (const rows of exportedFacts(trx, range)) yield rows.map((row) => facts(row, book));
      break;
    case 'cells':
      for await (const rows of exportedCells(trx, range)) yield rows.map((row) => cell(row, book));
  }
}

function armKey(book: Book, experiment: string, arm: number): string {
  return book.get(experiment)?.arms[arm]?.key ?? String(arm);
}

function assignment(row: AssignmentRow, book: Book): OutRow {
  const { experiment, arm } = row;
  const known = book.get(experiment);
  const own = known?.arms[arm];
  const messages = (row.messages ?? []).map(([wave, id]) => [wave, withHint(id, row.id)] as const);
  return {
    experiment,
    recipient_key: row.recipient_key,
    arm: armKey(book, experiment, arm),
    allocation_version: row.allocation_version,
    fold: row.fold,
    enrolled_at: row.enrolled_at.toISOString(),
    levels: JSON.stringify(known && own ? levelsByFactor(known.experiment.factors, own) : {}),
    cohorts: JSON.stringify(row.cohorts),
    messages: JSON.stringify(Object.fromEntries(messages)),
    strategy: row.assigned_strategy,
    delivered: row.delivered,
    fallback_reason: row.fallback_reason,
    content_hash: row.content_hash,
    reason: row.reason,
    probability: row.probability,
  };
}

function event(row: ExportedEventRow): OutRow {
  const { message_id, enrolment, value, at, received_at, ...same } = row;
  return {
    ...same,
    message_id: message_id !== null && enrolment !== null ? withHint(message_id, enrolment) : message_id,
    value_minor: value,
    at: at.toISOString(),
    received_at: received_at.toISOString(),
  };
}

function facts(row: StoredFacts, book: Book): OutRow {
  const { experiment: key, recipientKey, place, enrolledAt } = row;
  const known = book.get(key);
  if (!known) throw new Error(`There is no experiment ${key}.`);
  const { experiment, rules } = known;
  const { y, d, x } = row.facts ?? factsOf(rules, enrolledAt, []);
  const times = firstTimes(experiment, enrolledAt, decodeHistory(row.history));
  const { metrics } = experiment;
  return {
    experiment: key,
    recipient_key: recipientKey,
    arm: armKey(book, key, place.arm),
    allocation_version: place.allocationVersion,
    fold: place.fold,
    enrolled_at: new Date(enrolledAt).toISOString(),
    ...Object.fromEntries(timedStations.map((station, i) => [`${station.key}_at`, timeOf(times[i])])),
    y: byMetric(metrics.map(({ key: metric }, i) => [metric, y[i]])),
    d: byMetric(metrics.map((metric, i) => [metric.key, metric.denominator && d[i]])),
    x: byMetric(
      metrics.map((metric, i) => [metric.key, metric.covariateMs === undefined ? undefined : x[i]]),
    ),
  };
}

function timeOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

/** A JSON object of whole numbers; none is lost in a double. */
function byMetric(values: readonly (readonly [string, bigint | number | undefined])[]): string {
  const fields = values.flatMap(([key, value]) =>
    value === undefined ? [] : [`${JSON.stringify(key)}:${value}`],
  );
  return `{${fields.join(',')}}`;
}

function cell(row: ExportedCellRow, book: Book): OutRow {
  const { arm, day, sum, sum_squares, sum_cubes, ...same } = row;
  return {
    ...same,
    arm: armKey(book, row.experiment, arm),
    enrolled_day: day,
    sum_y: sum,
    sum_yy: sum_squares,
    sum_yyy: sum_cubes,
  };
}
