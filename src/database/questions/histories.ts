import type { Knex } from 'knex';
import type { EventClass, EventType } from '../../experiments/experiment.js';
import type { EmailEvent } from '../../engagement/email-event.js';
import type { Outcomes } from '../../engagement/outcomes.js';
import type { Place } from '../../engagement/cells.js';
import { outcomesFromJson } from '../facts.js';
import type { Addressee } from './addressees.js';
import { addresseeKey } from './addressees.js';

/** Everything that the facts of one enrolled recipient are made of, and the outcomes as they are stored now. */
export interface History {
  readonly experiment: string;
  readonly recipientKey: string;
  readonly enrolledAt: Date;
  readonly place: Place;
  readonly outcomes: Outcomes;
  readonly events: readonly EmailEvent[];
}

interface EnrolmentRow {
  experiment: string;
  recipient_key: string;
  enrolled_at: Date;
  arm: number;
  allocation_version: number;
  fold: number;
  cohorts: Record<string, string>;
  outcomes: Record<string, string> | null;
}

interface EventRow {
  experiment: string;
  recipient_key: string;
  id: string;
  type: EventType;
  at: Date;
  class: EventClass | null;
  value: string | null;
  url: string | null;
}

/**
 * What has happened to these recipients so far? Locks their enrolments, in the order of their keys, until the
 * transaction ends: whoever writes facts of a recipient next sees the events of whoever wrote before.
 */
export async function lockedHistories(db: Knex, addressees: readonly Addressee[]): Promise<History[]> {
  const keys = [addressees.map((a) => a.experiment), addressees.map((a) => a.recipientKey)];
  await db.raw(
    `select 1 from enrolments e
     where (e.experiment, e.recipient_key) in (select * from unnest(?::text[], ?::text[]))
     order by e.experiment, e.recipient_key for no key update`,
    keys as unknown as string[],
  );
  return histories(db, addressees);
}

/** The same without a lock, for reading. Two statements, so that the second sees what the lock waited for. */
export async function histories(db: Knex, addressees: readonly Addressee[]): Promise<History[]> {
  const keys = [addressees.map((a) => a.experiment), addressees.map((a) => a.recipientKey)];
  const enrolments = await db.raw<{ rows: EnrolmentRow[] }>(
    `select e.experiment, e.recipient_key, e.enrolled_at, e.arm, e.allocation_version, e.fold, e.cohorts, o.outcomes
     from unnest(?::text[], ?::text[]) as asked (experiment, recipient_key)
     join enrolments e using (experiment, recipient_key)
     left join outcomes o using (experiment, recipient_key)`,
    keys as unknown as string[],
  );
  const events = await db.raw<{ rows: EventRow[] }>(
    `select v.experiment, v.recipient_key, v.id, v.type, v.at, v.class, v.value::text, v.url
     from unnest(?::text[], ?::text[]) as asked (experiment, recipient_key)
     join events v using (experiment, recipient_key)`,
    keys as unknown as string[],
  );
  const byRecipient = new Map<string, EmailEvent[]>();
  for (const row of events.rows) {
    const key = addresseeKey({ experiment: row.experiment, recipientKey: row.recipient_key });
    const known = byRecipient.get(key);
    if (known) known.push(toEvent(row));
    else byRecipient.set(key, [toEvent(row)]);
  }
  return enrolments.rows.map((row) => {
    const addressee = { experiment: row.experiment, recipientKey: row.recipient_key };
    return {
      ...addressee,
      enrolledAt: row.enrolled_at,
      place: placeOf(row),
      outcomes: outcomesFromJson(row.outcomes ?? {}),
      events: byRecipient.get(addresseeKey(addressee)) ?? [],
    };
  });
}

function placeOf(row: EnrolmentRow): Place {
  return {
    arm: row.arm,
    allocationVersion: row.allocation_version,
    fold: row.fold,
    day: row.enrolled_at.toISOString().slice(0, 10),
    cohorts: row.cohorts,
  };
}

function toEvent(row: EventRow): EmailEvent {
  return {
    id: row.id,
    type: row.type,
    at: row.at,
    class: row.class ?? undefined,
    value: row.value === null ? undefined : BigInt(row.value),
    url: row.url ?? undefined,
  };
}
