import type { Knex } from 'knex';
import type { Reported } from '../../profiles/orderly-history.js';
import { binaryArray } from '../binary-array.js';
import { messageIdsOf } from './message-ids-of.js';

/** Of one recipient's own events, and of those of their messages, so many are looked through at most. */
export const mostLooked = 50_000;

export interface AskedReports {
  /** Types that are read from the beginning. */
  readonly always: readonly string[];
  /** Types that are read from `since` on. */
  readonly within: readonly string[];
  readonly since: Date | undefined;
  /** Nothing at it or later. */
  readonly before: Date;
}

export interface ReportsOf {
  /** By recipient key; recipients without any are missing. In no order. */
  readonly reports: ReadonlyMap<string, Reported[]>;
  /** Recipients with more events than are looked through. */
  readonly endless: ReadonlySet<string>;
}

type Row = readonly [
  recipientKey: string,
  /** The event is one too many: nothing but its owner counts. */
  beyond: boolean,
  id: string,
  type: string,
  at: number,
  message: string | null,
  class_: string | null,
  value: number | null,
  currency: string | null,
  order: string | null,
  item: string | null,
  category: string | null,
  url: string | null,
  target: string | null,
  properties: Record<string, unknown> | null,
];

/** What was reported of these recipients: what they did by themselves and what happened to their messages. */
export async function historiesOf(
  db: Knex,
  recipientKeys: readonly string[],
  asked: AskedReports,
): Promise<ReportsOf> {
  const reports = new Map<string, Reported[]>();
  const endless = new Set<string>();
  for (const sql of [ofRecipients, ofMessages]) {
    const query = db.raw<{ rows: Row[] }>(sql, bindingsOf(recipientKeys, asked));
    // Rows as lists: a third of the time, where there are hundreds of thousands.
    const { rows } = await query.options({ rowMode: 'array' });
    for (const row of rows) {
      const [recipientKey, beyond] = row;
      if (beyond) {
        endless.add(recipientKey);
        continue;
      }
      const known = reports.get(recipientKey);
      if (known) known.push(toReported(row));
      else reports.set(recipientKey, [toReported(row)]);
    }
  }
  return { reports, endless };
}

function bindingsOf(
  keys: readonly string[],
  { always, within, since, before }: AskedReports,
): (string | Buffer)[] {
  const clock = before.toISOString();
  const from = since === undefined ? '-infinity' : since.toISOString();
  return [binaryArray('text', keys), clock, binaryArray('text', always), binaryArray('text', within), from];
}

const columns = `v.id, v.type, (extract(epoch from v.at) * 1000)::float8, v.message_id, v.class, v.value::float8, v.currency,
   v.order_id, v.item, v.category, v.url, v.target, v.properties`;
const isAsked = '(v.type = any(q.always) or (v.type = any(q.within) and v.at >= q.since))';
const question = `
  with q as materialized (
    select ?::text[] as keys, ?::timestamptz as clock, ?::text[] as always, ?::text[] as within, ?::timestamptz as since
  )`;

/** Newest first, by the index of each recipient's own events. */
const ofRecipients = `${question}
  select a.key, v.place > ${mostLooked}, ${columns}
  from q cross join unnest(q.keys) as a (key) cross join lateral (
    select *, row_number() over (order by at desc) as place from (
      select * from events
      where recipient_key = a.key and recipient_key is not null and at < q.clock
      order by at desc limit ${mostLooked + 1}
    ) newest
  ) v
  where ${isAsked} or v.place > ${mostLooked}`;

/** By the messages of their enrolments. */
const ofMessages = `${question}
  select a.key, v.place > ${mostLooked}, ${columns}
  from q cross join unnest(q.keys) as a (key) cross join lateral (
    select *, row_number() over () as place from (
      select v.* from (${messageIdsOf('a.key')}) m cross join lateral (
        select * from events where message_id = m.message_id and message_id is not null and at < q.clock
        limit ${mostLooked + 1}
      ) v
      limit ${mostLooked + 1}
    ) some_of_them
  ) v
  where ${isAsked} or v.place > ${mostLooked}`;

type Draft = { -readonly [K in keyof Reported]: Reported[K] };

function toReported(row: Row): Reported {
  const [, , id, type, at, message, class_, value, currency, order, item, category, url, target, properties] =
    row;
  const reported: Draft = { id, type, at };
  if (message !== null) reported.message = message;
  if (class_ !== null) reported.class = class_;
  if (value !== null) reported.value = value;
  if (currency !== null) reported.currency = currency;
  if (order !== null) reported.order = order;
  if (item !== null) reported.item = item;
  if (category !== null) reported.category = category;
  if (url !== null) reported.url = url;
  if (target !== null) reported.target = target;
  if (properties !== null) reported.properties = properties;
  return reported;
}
