-- Events of recipients without a message, several messages per recipient, facts beside the enrolment, richer cells.

-- The facts of an enrolled recipient stand in the row of the enrolment: one read and one write per batch of events.
-- `history` holds the events that count for this experiment, compactly; `y`, `d` and `x` are the integer outcomes,
-- denominators and covariates in the order of the experiment's metrics, before any cap. Null: nothing has happened yet.
-- `stations` has a bit for each station that was reached: sent 1, delivered 2, opened 4, clicked 8, converted 16.
alter table enrolments
  add column id bigint generated always as identity unique,
  add column history text,
  add column y bigint[],
  add column d bigint[],
  add column x bigint[],
  add column stations smallint not null default 0;
-- Room on the page for the next version of a row, so that an update touches no index; none is on a column that changes.
alter table enrolments set (fillfactor = 60);
alter table cells set (fillfactor = 50);
create index enrolments_by_recipient on enrolments (recipient_key);

-- The latest send of each day (UTC): when the windows of the last recipients began. Never earlier than the truth.
create table send_days (
  experiment text not null,
  day date not null,
  last_sent_at timestamptz not null,
  primary key (experiment, day)
);

drop table messages;
drop table outcomes;

-- One row per message id. Without an enrolment: events came for a message that is not known yet, and wait for it.
create table messages (
  message_id text primary key,
  enrolment bigint,
  wave text not null default ''
);
create index messages_unknown on messages (message_id) where enrolment is null;
insert into messages (message_id, enrolment) select message_id, id from enrolments;
alter table enrolments drop constraint enrolments_message_id_key;

-- Events that wait for their message.
create table waiting_events (
  message_id text not null,
  event_id text not null,
  primary key (message_id, event_id)
);

alter table events rename to events_before;
-- Append-only: never updated, never deleted. Of a message (`message_id`) or of a recipient (`recipient_key`).
create table events (
  id text primary key,
  message_id text,
  recipient_key text,
  type text not null,
  class text,
  at timestamptz not null,
  -- Minor units of `currency`.
  value bigint,
  currency text,
  order_id text,
  item text,
  category text,
  url text,
  -- The event that a `void` takes back.
  target text,
  properties json,
  source text not null,
  received_at timestamptz not null,
  check ((message_id is null) <> (recipient_key is null))
);
insert into events (id, message_id, type, class, at, value, currency, url, source, received_at)
  select v.id, e.message_id, v.type, v.class, v.at, v.value,
         case when v.value is not null then x.definition ->> 'currency' end, v.url, 'api', v.received_at
  from events_before v
  join enrolments e using (experiment, recipient_key)
  join experiments x on x.key = v.experiment;
drop table events_before;
create index events_by_recipient on events (recipient_key, at) where recipient_key is not null;
create index events_by_arrival on events (received_at);

alter table cells
  add column sum_d numeric not null default 0,
  add column sum_dd numeric not null default 0,
  add column sum_yd numeric not null default 0,
  add column sum_x numeric not null default 0,
  add column sum_xx numeric not null default 0,
  add column sum_yx numeric not null default 0,
  add column sum_dx numeric not null default 0,
  -- Recipients whose outcome was cut at the cap, and by how much in all.
  add column capped bigint not null default 0,
  add column excess numeric not null default 0;

-- Facts and cells that are to be made again from the events, and what for: a metric that was added, a cohort that was
-- asked for, an upgrade. Done in one transaction; until then the row says how far it is.
create table refills (
  id text primary key,
  experiment text not null references experiments (key),
  reason text not null,
  -- The metric or cohort to add, as JSON; null: only make again.
  addition json,
  requested_at timestamptz not null,
  finished_at timestamptz,
  recipients bigint,
  error text
);
create index refills_open on refills (requested_at) where finished_at is null;
insert into refills (id, experiment, reason, requested_at)
  select 'upgrade-0003-' || key, key, 'upgrade', now() from experiments;

-- What came in, counted: per experiment ('' where none is known), source, type, class and what became of it, by day of
-- arrival (UTC). `type` is `(unknown)` for types that Postulate does not know.
create table event_counts (
  experiment text not null,
  source text not null,
  type text not null,
  class text not null,
  -- recorded, duplicate, waiting, or the code of the refusal
  status text not null,
  day date not null,
  n bigint not null,
  -- Seconds between happening and arrival, summed and at most; of events dated ahead of their arrival only the number.
  lag_sum numeric not null,
  lag_max bigint not null,
  ahead bigint not null,
  last_at timestamptz,
  last_received_at timestamptz not null,
  primary key (experiment, source, type, class, status, day)
);

-- Where each trait of a profile comes from: `{"country": ["crm", "2026-03-01T09:00:00.000Z"]}`, by trait; also of traits
-- that were made unknown again, so that an older value cannot come back.
alter table profiles add column origins jsonb not null default '{}';

-- Rows that were refused, as they came (cut), for a person to look at.
create table quarantine (
  id bigint generated always as identity primary key,
  kind text not null,
  source text not null,
  row_text text not null,
  code text not null,
  path text,
  message text not null,
  line bigint,
  received_at timestamptz not null
);
create index quarantine_by_arrival on quarantine (received_at);

-- The catalogue: what events name as `item`.
create table items (
  item text primary key,
  title text,
  category text,
  -- Minor units of `currency`.
  price bigint,
  currency text,
  price_tier int,
  stock bigint,
  attributes json,
  source text not null,
  updated_at timestamptz not null
);

-- Files that are being read in, so that an interrupted import goes on where it was.
create table imports (
  id text primary key,
  kind text not null,
  name text not null,
  -- SHA-256 of the first megabyte and the size: the same file again is recognised.
  fingerprint text not null,
  source text not null,
  rows_done bigint not null,
  counts json not null,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  finished_at timestamptz,
  unique (kind, fingerprint)
);
