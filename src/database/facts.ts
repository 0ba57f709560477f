import type { Knex } from 'knex';
import { binaryArray } from './binary-array.js';
import { type Place, placeMaker } from '../engagement/cells.js';
import type { Facts } from '../engagement/facts.js';
import { underWay } from './under-way.js';

/** An enrolled recipient with the facts as they are stored. */
export interface StoredFacts {
  /** Number of the enrolment. */
  readonly id: string;
  readonly experiment: string;
  readonly recipientKey: string;
  /** Of the first message. */
  readonly messageId: string;
  readonly enrolledAt: number;
  readonly place: Place;
  /** The history as text, see `engagement/history.ts`. */
  readonly history: string | null;
  /** Undefined: nothing has happened yet. Without the last send, which is kept by day only. */
  readonly facts: Facts | undefined;
}

export interface FactsRow {
  id: string;
  experiment: string;
  recipient_key: string;
  message_id: string;
  arm: number;
  fold: number;
  allocation_version: number;
  cohorts: string;
  enrolled_ms: number;
  history: string | null;
  stations: number;
  y: string | null;
  d: string | null;
  x: string | null;
}

/** Columns of a `FactsRow`, from enrolments under the name `e`. Times as numbers: the driver reads dates slowly. */
export const factsColumns = `e.id, e.experiment, e.recipient_key, e.message_id, e.arm, e.fold, e.allocation_version,
  e.cohorts::text, (extract(epoch from e.enrolled_at) * 1000)::float8 as enrolled_ms,
  e.history, e.stations, e.y::text, e.d::text, e.x::text`;

/** Rows as facts; all of one call share their places. */
export function toStoredFacts(rows: readonly FactsRow[]): StoredFacts[] {
  return rows.map(factsReader());
}

/** All that one reader reads share their places. */
function factsReader(): (row: FactsRow) => StoredFacts {
  const placeOf = placeMaker();
  // One text for each experiment, however many rows name it: by it rules are looked up, event by event.
  const keys = new Map<string, string>();
  const keyOf = (key: string): string => keys.get(key) ?? (keys.set(key, key), key);
  return (row) => ({
    id: row.id,
    experiment: keyOf(row.experiment),
    recipientKey: row.recipient_key,
    messageId: row.message_id,
    enrolledAt: row.enrolled_ms,
    place: placeOf(
      { arm: row.arm, allocationVersion: row.allocation_version, fold: row.fold },
      row.enrolled_ms,
      row.cohorts,
    ),
    history: row.history,
    facts: row.y === null ? undefined : toFacts(row, row.y),
  });
}

function toFacts(row: FactsRow, y: string): Facts {
  return {
    stations: row.stations,
    y: integers(y),
    d: integers(row.d),
    x: integers(row.x),
  };
}

/** An array as PostgreSQL writes it: `{0,1,1999}`. */
function integers(text: string | null): number[] {
  return text === null || text === '{}' ? [] : text.slice(1, -1).split(',').map(Number);
}

/** Rows that are read at a time: few enough that the making of facts keeps pace with the server. */
const rowsPerRead = 1_250;

/**
 * The facts of these enrolments, locked in the order of their numbers until the transaction ends: whoever writes facts of
 * a recipient next starts from what was written before.
 */
export async function lockFacts(db: Knex, ids: Iterable<string | number>): Promise<StoredFacts[]> {
  const sorted = Float64Array.from(ids, Number).sort();
  const read = factsReader();
  const facts: StoredFacts[] = [];
  let reading = lockRows(db, sorted.subarray(0, rowsPerRead));
  for (let at = rowsPerRead; at < sorted.length; at += rowsPerRead) {
    const rows = await reading;
    reading = lockRows(db, sorted.subarray(at, at + rowsPerRead));
    await underWay(reading);
    for (const row of rows) facts.push(read(row));
  }
  for (const row of await reading) facts.push(read(row));
  return facts;
}

/** @param ids in order. */
async function lockRows(db: Knex, ids: Float64Array): Promise<FactsRow[]> {
  if (ids.length === 0) return [];
  // The locking subquery cannot be flattened, so each row is fetched and locked by its number, in this order; left to
  // itself the planner reads the whole table while it is small enough, and keeps that plan when it no longer is.
  const result = await db.raw<{ rows: FactsRow[] }>(
    `select ${factsColumns} from unnest(?::bigint[]) as asked (id)
     cross join lateral (select * from enrolments where id = asked.id for no key update) e`,
    [binaryArray('bigint', ids)],
  );
  return result.rows;
}

/** All enrolments of these recipients. */
export async function enrolmentsOfRecipients(
  db: Knex,
  recipientKeys: readonly string[],
): Promise<Pick<StoredFacts, 'id' | 'experiment' | 'recipientKey'>[]> {
  const result = await db.raw<{ rows: Pick<StoredFacts, 'id' | 'experiment' | 'recipientKey'>[] }>(
    `select e.id, e.experiment, e.recipient_key as "recipientKey" from unnest(?::text[]) as asked (key)
     cross join lateral (select * from enrolments where recipient_key = asked.key offset 0) e`,
    [recipientKeys as string[]],
  );
  return result.rows;
}

/** New facts of an enrolment. */
export interface FactsChange {
  readonly id: string;
  readonly history: string;
  readonly facts: Facts;
}

/** Puts the facts in the place of what was known before. */
export async function writeFacts(db: Knex, changes: readonly FactsChange[]): Promise<void> {
  if (changes.length === 0) return;
  const list = (values: readonly number[]): string | null =>
    values.length === 0 ? null : `{${values.join(',')}}`;
  // From inside a subquery the planner takes the arrays to be short, and fetches each row by its number; knowing how long
  // they are, it reads the whole table while there is an end to it.
  await db.raw(
    `update enrolments e
     set history = u.history, stations = u.stations, y = u.y::bigint[], d = u.d::bigint[], x = u.x::bigint[]
     from unnest((select ?::bigint[]), (select ?::text[]), (select ?::int[]), (select ?::text[]), (select ?::text[]),
       (select ?::text[])) as u (id, history, stations, y, d, x)
     where e.id = u.id`,
    [
      binaryArray(
        'bigint',
        changes.map((change) => change.id),
      ),
      binaryArray(
        'text',
        changes.map((change) => change.history),
      ),
      binaryArray(
        'int',
        changes.map(({ facts }) => facts.stations),
      ),
      binaryArray(
        'text',
        changes.map(({ facts }) => list(facts.y) ?? '{}'),
      ),
      binaryArray(
        'text',
        changes.map(({ facts }) => list(facts.d)),
      ),
      binaryArray(
        'text',
        changes.map(({ facts }) => list(facts.x)),
      ),
    ],
  );
}
