import type { Knex } from 'knex';
import type { StoredEvent } from '../../engagement/event.js';
import { toEvent } from '../events.js';
import { factsColumns, type FactsRow, type StoredFacts, toStoredFacts } from '../facts.js';
import { fetchAll } from '../fetch-all.js';

/** An enrolled recipient with the facts as stored and all events that they are made of. */
export interface FullHistory {
  readonly stored: StoredFacts;
  /** `wave` is undefined for what the recipient did without a message. */
  readonly events: readonly { readonly event: StoredEvent; readonly wave: string | undefined }[];
}

/** An event as the query packs it: one JSON list per event costs a fifth of a row per event. */
type Packed = readonly [
  wave: string | null,
  id: string,
  type: string,
  atMs: number,
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

/**
 * What has happened to every enrolled recipient of an experiment, from the raw events? Batch by batch, in one pass over the
 * events and in no particular order.
 *
 * @param types of events without a message that matter.
 */
export function fullHistories(
  db: Knex,
  experiment: string,
  types: readonly string[],
  batchSize: number,
): AsyncGenerator<FullHistory[]> {
  const packed = `json_build_array(wave, v.id, v.type, (extract(epoch from v.at) * 1000)::bigint, v.class, v.value, v.currency,
      v.order_id, v.item, v.category, v.url, v.target, v.properties)`;
  const sql = `
    with of_messages as (
      select m.enrolment, json_agg(${packed.replace('wave', 'm.wave')}) as events
      from enrolments e join messages m on m.enrolment = e.id join events v on v.message_id = m.message_id
      where e.experiment = ? group by m.enrolment
    ), of_recipients as (
      select e.id as enrolment, json_agg(${packed.replace('wave', 'null')}) as events
      from enrolments e join events v on v.recipient_key = e.recipient_key
      where e.experiment = ? and v.recipient_key is not null and v.type = any(?::text[]) group by e.id
    )
    select ${factsColumns}, m.events as message_events, r.events as own_events
    from enrolments e
    left join of_messages m on m.enrolment = e.id
    left join of_recipients r on r.enrolment = e.id
    where e.experiment = ?`;
  const toHistories = (
    rows: (FactsRow & { message_events: Packed[] | null; own_events: Packed[] | null })[],
  ) =>
    toStoredFacts(rows).map((stored, i) => ({
      stored,
      events: [...(rows[i]?.message_events ?? []), ...(rows[i]?.own_events ?? [])].map((one) =>
        unpack(stored, one),
      ),
    }));
  return fetchAll(db, sql, [experiment, experiment, types, experiment], batchSize, toHistories);
}

function unpack({ messageId, recipientKey }: StoredFacts, packed: Packed): FullHistory['events'][number] {
  const [wave, id, type, at, class_, value, currency, order_id, item, category, url, target, properties] =
    packed;
  const event = toEvent({
    id,
    message_id: wave === null ? null : messageId,
    recipient_key: wave === null ? recipientKey : null,
    type,
    class: class_,
    at: new Date(at),
    value,
    currency,
    order_id,
    item,
    category,
    url,
    target,
    properties,
  });
  return { event, wave: wave ?? undefined };
}
