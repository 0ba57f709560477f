import type { Knex } from 'knex';
import type { RuleCount } from '../../profiles/quality.js';

/** Something that can be stored and cannot be true, or seldom is. */
export interface ConsistencyRule {
  readonly id: string;
  readonly title: string;
  /** What it looks at, in words. */
  readonly of: string;
  /**
   * One row for everything that is looked at: `recipient_key`, and `bad` where the rule is broken. `:since` bounds what is
   * looked at by its arrival, which an index answers; `:today` is a date.
   */
  readonly query: string;
  /** Most broken ones that are still usual, as a share of what is looked at. */
  readonly threshold: number;
}

/** The recipient of any event `e`: its own, or that of its message. PostgreSQL leaves the joins out where only counts are asked. */
const recipient = 'coalesce(e.recipient_key, n.recipient_key) as recipient_key';
const itsMessage = `left join messages m on m.message_id = e.message_id left join enrolments n on n.id = m.enrolment`;

export const consistencyRules: readonly ConsistencyRule[] = [
  {
    id: 'purchase-without-view',
    title: 'Purchase without a view before it',
    of: 'purchases of recipients, where views are reported',
    query: `select e.recipient_key, not exists (
              select 1 from events v
              where v.recipient_key = e.recipient_key and v.at <= e.at and v.type = 'view') as bad
            from events e
            where e.type = 'purchase' and e.recipient_key is not null and e.received_at >= :since
              and exists (select 1 from events v where v.type = 'view' and v.received_at >= :since)`,
    threshold: 0.2,
  },
  {
    id: 'refund-above-order',
    title: 'Refunds above their order',
    of: 'orders with refunds',
    query: `select ${recipient}, e.refunded > o.ordered as bad
            from (select order_id, currency, sum(abs(value)) as refunded, min(recipient_key) as recipient_key,
                         min(message_id) as message_id
                  from events r
                  where type = 'refund' and order_id is not null and value is not null and received_at >= :since
                    and not exists (select 1 from events t where t.type = 'void' and t.target = r.id)
                  group by order_id, currency) e
            join (select order_id, currency, max(value) as ordered from events
                  where type in ('purchase', 'converted') and order_id is not null and value is not null
                  group by order_id, currency) o using (order_id, currency)
            ${itsMessage}`,
    threshold: 0,
  },
  {
    id: 'bounced-and-opened',
    title: 'Bounced and opened',
    of: 'bounced messages',
    query: `select n.recipient_key, e.opened as bad
            from (select message_id, bool_or(type = 'opened') as opened from events
                  where message_id is not null and type in ('bounced', 'opened') and class is distinct from 'scanner'
                    and received_at >= :since
                  group by message_id having bool_or(type = 'bounced')) e
            ${itsMessage}`,
    threshold: 0.05,
  },
  {
    id: 'before-sent',
    title: 'Dated more than a day before the send',
    of: 'events of messages that were sent',
    query: `select ${recipient}, e.at < s.sent_at - interval '1 day' as bad
            from events e
            join (select message_id, min(at) as sent_at from events
                  where type = 'sent' and message_id is not null group by message_id) s
              on s.message_id = e.message_id
            ${itsMessage} where e.type <> 'sent' and e.received_at >= :since`,
    threshold: 0.01,
  },
  {
    id: 'ahead-of-arrival',
    title: 'Dated ahead of its arrival by more than five minutes',
    of: 'events',
    query: `select ${recipient}, e.at > e.received_at + interval '5 minutes' as bad
            from events e ${itsMessage} where e.received_at >= :since`,
    threshold: 0.01,
  },
  {
    id: 'item-unknown',
    title: 'Item that is not in the catalogue',
    of: 'events that name an item, where there is a catalogue',
    query: `select ${recipient}, i.item is null as bad
            from events e left join items i on i.item = e.item ${itsMessage}
            where e.item is not null and e.received_at >= :since and exists (select 1 from items)`,
    threshold: 0.05,
  },
  {
    id: 'birth-date-ahead',
    title: 'Birth date that is not in the past',
    of: 'profiles with a birth date',
    query: `select recipient_key, traits ->> 'birth_date' >= :today as bad
            from profiles where jsonb_typeof(traits -> 'birth_date') = 'string'`,
    threshold: 0,
  },
];

/** The smallest keys of the first so many that are found, so that a rule broken a million times costs no more. */
const samplesFrom = 1_000;
const mostSamples = 5;

/** How often is the rule broken, and by whom? */
export async function countViolations(
  db: Knex,
  rule: ConsistencyRule,
  bounds: { readonly since: Date; readonly today: string },
): Promise<RuleCount> {
  const { id, title, of, threshold } = rule;
  const counts = await db.raw<{ rows: { checked: string; violations: string }[] }>(
    `select count(*) as checked, count(*) filter (where bad) as violations from (${rule.query}) looked`,
    bounds,
  );
  const [row] = counts.rows;
  const found = { checked: Number(row?.checked ?? 0), violations: Number(row?.violations ?? 0) };
  if (found.violations === 0) return { id, title, of, threshold, ...found, samples: [] };
  const samples = await db.raw<{ rows: { recipient_key: string }[] }>(
    `select distinct recipient_key from (
       select recipient_key from (${rule.query}) looked where bad and recipient_key is not null limit ${samplesFrom}
     ) few order by recipient_key limit ${mostSamples}`,
    bounds,
  );
  return { id, title, of, threshold, ...found, samples: samples.rows.map((one) => one.recipient_key) };
}
