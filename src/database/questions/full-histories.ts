import type { Knex } from 'knex';
import { placeMaker, type Place } from '../../engagement/cells.js';
import type { StoredEvent } from '../../engagement/event.js';
import type { Facts } from '../../engagement/facts.js';
import type { Needs } from '../../engagement/history.js';
import { fetchAll } from '../fetch-all.js';

/** An enrolled recipient with what is stored of them, as text, and all events that it is made of. */
export interface FullHistory {
  /** Number of the enrolment. */
  readonly id: string;
  readonly recipientKey: string;
  readonly enrolledAt: number;
  readonly place: Place;
  /** The history as it is stored; empty where there is none. */
  readonly history: string;
  /** Stations and outcomes as they are stored, see `outcomesText`; undefined: nothing has happened yet. */
  readonly outcomes: string | undefined;
  readonly events: readonly EventOfWave[];
}

/** Without what no outcome of the experiment depends on. */
export interface EventOfWave {
  readonly event: StoredEvent;
  /** Undefined for what the recipient did without a message. */
  readonly wave: string | undefined;
}

/**
 * What has happened to every enrolled recipient of an experiment, from the raw events? Batch by batch, in one pass over the
 * events and in no particular order.
 */
export function fullHistories<Made>(
  db: Knex,
  experiment: string,
  needs: Needs,
  batchSize: number,
  make: (history: FullHistory) => Made,
): AsyncGenerator<Made[]> {
  const isDetailed = needs.properties.length > 0;
  const sql = `
    with of_messages as (
      select m.enrolment, ${packed("nullif(m.wave, '')", isDetailed)} as events
      from enrolments e join messages m on m.enrolment = e.id join events v on v.message_id = m.message_id
      where e.experiment = ? group by m.enrolment
    ), of_recipients as (
      select e.id as enrolment, ${packed('null::text', isDetailed)} as events
      from enrolments e join events v on v.recipient_key = e.recipient_key
      where e.experiment = ? and v.recipient_key is not null and v.type = any(?::text[]) group by e.id
    )
    select e.id, e.recipient_key,
           e.arm || ' ' || e.fold || ' ' || e.allocation_version || ' ' || e.enrolled_at::date || ' ' || e.cohorts as place,
           (extract(epoch from e.enrolled_at) * 1000)::float8 as enrolled_ms, coalesce(e.history, '') as history,
           e.stations || ' ' || e.y::text || ' ' || coalesce(e.d::text, '{}') || ' ' || coalesce(e.x::text, '{}') as outcomes,
           m.events as message_events, r.events as own_events
    from enrolments e
    left join of_messages m on m.enrolment = e.id
    left join of_recipients r on r.enrolment = e.id
    where e.experiment = ?`;
  const bindings = [experiment, experiment, [...needs.types], experiment];
  return fetchAll(db, sql, bindings, batchSize, historyReader(make));
}

/** Stations and outcomes as one text: `7 {1,0} {} {}`. */
export function outcomesText({ stations, y, d, x }: Pick<Facts, 'stations' | 'y' | 'd' | 'x'>): string {
  return `${stations} {${y.join(',')}} {${d.join(',')}} {${x.join(',')}}`;
}

/** Stands between fields and between events: JSON escapes it, names of types and classes cannot hold it. */
const separator = '\x1f';
const fieldsPerEvent = 5;

/**
 * Events as one text, five fields each: id, type, milliseconds, class and, as JSON, whatever else there is, which for most is
 * nothing. A third of the time of a JSON list per event. An id that holds the separator stands in the JSON.
 */
function packed(wave: string, isDetailed: boolean): string {
  const isOdd = `strpos(v.id, '${separator}') > 0`;
  const details = isDetailed ? ['v.item', 'v.category', 'v.url', 'v.properties'] : [];
  const rest = [wave, 'v.value', 'v.currency', 'v.order_id', 'v.target', ...details];
  const hasRest = rest.map((column) => `${column} is not null`).join(' or ');
  const fields = [
    `case when ${isOdd} then '' else v.id end`,
    'v.type',
    `(date_part('epoch', v.at) * 1000)::bigint`,
    `coalesce(v.class, '')`,
    `case when ${hasRest} or ${isOdd}
       then json_build_array(case when ${isOdd} then v.id end, ${rest.join(', ')})::text else '' end`,
  ];
  return `string_agg(${fields.join(` || '${separator}' || `)}, '${separator}')`;
}

type Rest = readonly [
  id: string | null,
  wave: string | null,
  value: number | null,
  currency: string | null,
  order: string | null,
  target: string | null,
  item?: string | null,
  category?: string | null,
  url?: string | null,
  properties?: Record<string, unknown> | null,
];

interface Row {
  id: string;
  recipient_key: string;
  place: string;
  enrolled_ms: number;
  history: string;
  outcomes: string | null;
  message_events: string | null;
  own_events: string | null;
}

/** Reads rows one by one, so that what is made of one is garbage before the next; all share their places. */
function historyReader<Made>(make: (history: FullHistory) => Made): (rows: readonly Row[]) => Made[] {
  const placeOf = placeMaker();
  const places = new Map<string, Place>();
  const toPlace = (text: string, enrolledAt: number): Place => {
    const [arm = 0, fold = 0, allocationVersion = 0] = text.split(' ', 3).map(Number);
    return placeOf({ arm, fold, allocationVersion }, enrolledAt, text.slice(text.indexOf('{')));
  };
  return (rows) =>
    rows.map((row) => {
      let place = places.get(row.place);
      if (!place) places.set(row.place, (place = toPlace(row.place, row.enrolled_ms)));
      const events: EventOfWave[] = [];
      if (row.message_events !== null) unpack(row.message_events, '', events);
      if (row.own_events !== null) unpack(row.own_events, undefined, events);
      const { id, recipient_key: recipientKey, enrolled_ms: enrolledAt, history } = row;
      return make({
        id,
        recipientKey,
        enrolledAt,
        place,
        history,
        outcomes: row.outcomes ?? undefined,
        events,
      });
    });
}

/** @param firstWave of events that name no wave. */
function unpack(text: string, firstWave: '' | undefined, events: EventOfWave[]): void {
  const fields = text.split(separator);
  if (fields.length % fieldsPerEvent !== 0) {
    throw new Error(
      `an event has a type or class that cannot be read: ${JSON.stringify(text.slice(0, 200))}`,
    );
  }
  for (let i = 0; i < fields.length; i += fieldsPerEvent) {
    const rest = fields[i + 4] ? (JSON.parse(fields[i + 4] ?? '') as Rest) : none;
    const event = {
      id: rest[0] ?? fields[i],
      type: fields[i + 1],
      at: new Date(Number(fields[i + 2])),
      class: fields[i + 3] || undefined,
      value: rest[2] === null ? undefined : BigInt(rest[2]),
      currency: rest[3] ?? undefined,
      order: rest[4] ?? undefined,
      target: rest[5] ?? undefined,
      item: rest[6] ?? undefined,
      category: rest[7] ?? undefined,
      url: rest[8] ?? undefined,
      properties: rest[9] ?? undefined,
    };
    events.push({ event: event as unknown as StoredEvent, wave: rest[1] ?? firstWave });
  }
}

const none: Rest = [null, null, null, null, null, null];
