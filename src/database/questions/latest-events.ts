import type { Knex } from 'knex';

/** One event of an experiment as the feed shows it. */
export interface FeedEvent {
  readonly id: string;
  /** May be a type that Postulate does not know. */
  readonly type: string;
  readonly class: string | null;
  readonly at: Date;
  readonly receivedAt: Date;
  readonly source: string;
  readonly recipientKey: string;
  /** Index of the arm in the design. */
  readonly arm: number;
  /** Null: an event of the recipient alone, of no message. */
  readonly wave: string | null;
  /** Minor units of `currency`. */
  readonly value: string | null;
  readonly currency: string | null;
  readonly order: string | null;
  readonly url: string | null;
}

export interface LatestEvents {
  /** Newest arrival first. */
  readonly events: readonly FeedEvent[];
  /** Arrivals of all experiments that were looked at. */
  readonly looked: number;
  /** There may be more of this experiment's events behind the place where looking ended. */
  readonly more: boolean;
}

/** Each is looked through as a whole; a quiet experiment costs the sum of them and no more. */
const steps = [500, 4_500, 45_000];
export const MOST_LOOKED = steps.reduce((sum, step) => sum + step, 0);

type Row = FeedEvent & { readonly position: number };

/**
 * The events of one experiment that arrived last, or those that arrived after one of them. Events know no experiment,
 * so this walks back from the last arrival of all experiments, in steps, and gives up after `MOST_LOOKED`.
 */
export async function latestEvents(
  db: Knex,
  experiment: string,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<LatestEvents> {
  const found: FeedEvent[] = [];
  let looked = 0;
  let before: { receivedAt: string; id: string } | undefined;
  for (const step of steps) {
    const part = await lookThrough(db, experiment, { step, limit: limit - found.length, before, after });
    found.push(...part.events);
    looked += part.looked;
    if (found.length >= limit) return { events: found, looked, more: true };
    if (part.looked < step || part.last === undefined) return { events: found, looked, more: false };
    before = part.last;
  }
  return { events: found, looked, more: true };
}

interface Step {
  readonly step: number;
  readonly limit: number;
  readonly before: { readonly receivedAt: string; readonly id: string } | undefined;
  readonly after: string | undefined;
}

async function lookThrough(db: Knex, experiment: string, { step, limit, before, after }: Step) {
  const { where, values } = between(before, after);
  const result = await db.raw<{
    rows: (Row & { looked: number; lastAt: string | null; lastId: string | null })[];
  }>(stepQuery(where), [...values, step, experiment, experiment, limit]);
  const [first] = result.rows;
  const { lastAt, lastId } = first ?? { lastAt: null, lastId: null };
  return {
    looked: first?.looked ?? 0,
    last: lastAt === null || lastId === null ? undefined : { receivedAt: lastAt, id: lastId },
    // Without an event of this experiment there is one row, of the ends alone.
    events: result.rows.filter((row) => (row.id as string | null) !== null).map(toFeedEvent),
  };
}

/** Arrivals before one place and after one event. */
function between(before: Step['before'], after: Step['after']) {
  const conditions: string[] = [];
  const values: string[] = [];
  if (before !== undefined) {
    // The first half is what the index can answer.
    conditions.push('received_at <= ?::timestamptz', '(received_at, id) < (?::timestamptz, ?)');
    values.push(before.receivedAt, before.receivedAt, before.id);
  }
  if (after !== undefined) {
    const place = '(select received_at from events where id = ?)';
    conditions.push(`received_at >= ${place}`, `(received_at, id) > (${place}, ?)`);
    values.push(after, after, after);
  }
  return { where: conditions.length > 0 ? `where ${conditions.join(' and ')}` : '', values };
}

/** Takes the values of `where`, how many are looked at, the experiment twice, and how many of its own are wanted. */
const stepQuery = (where: string): string =>
  `with looked as materialized (
     -- No more than what is needed to find ours: there are 45,000 of them.
     select id, received_at, message_id, recipient_key from events ${where} order by received_at desc, id desc limit ?
   ), ours as (
     select v.id, v.received_at, m.wave, coalesce(e.recipient_key, b.recipient_key) as whose, coalesce(e.arm, b.arm) as arm
     from looked v
     left join messages m on m.message_id = v.message_id
     left join enrolments e on e.id = m.enrolment and e.experiment = ?
     left join enrolments b on b.experiment = ? and b.recipient_key = v.recipient_key
     where e.id is not null or b.id is not null
     order by v.received_at desc, v.id desc limit ?
   ), ends as (
     select count(*)::int as looked from looked
   ), last as (
     select received_at::text as "lastAt", id as "lastId" from looked order by received_at, id limit 1
   )
   select o.id, v.type, v.class, v.at, o.received_at as "receivedAt", v.source, o.whose as "recipientKey", o.arm,
          o.wave, v.value::text, v.currency, v.order_id as "order", v.url, ends.looked, last."lastAt", last."lastId"
   from ends left join last on true left join ours o on true left join events v on v.id = o.id
   order by o.received_at desc, o.id desc`;

function toFeedEvent(row: Row): FeedEvent {
  const { id, type, at, receivedAt, source, recipientKey, arm, wave, value, currency, order, url } = row;
  const whole = { id, type, class: row.class, at, receivedAt, source };
  return { ...whole, recipientKey, arm, wave, value, currency, order, url };
}

/** Is there an event with this id? */
export async function eventExists(db: Knex, id: string): Promise<boolean> {
  const result = await db.raw<{ rows: unknown[] }>('select 1 from events where id = ?', [id]);
  return result.rows.length > 0;
}
