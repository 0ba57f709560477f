-- Recognises the workspace key, which itself is kept outside the database.
create table workspace (
  id int primary key default 1 check (id = 1),
  key_fingerprint text not null,
  created_at timestamptz not null default now()
);

-- The only table that knows who a recipient is. Everything else knows the keyed pseudonym.
create table identities (
  recipient_key text primary key,
  recipient_id text not null
);

create table profiles (
  recipient_key text primary key,
  traits jsonb not null,
  updated_at timestamptz not null
);

-- Immutable, named by content hash; a name and number are for people.
create table strategy_versions (
  hash text primary key,
  name text not null,
  version int not null,
  kind text not null,
  definition json not null,
  created_at timestamptz not null,
  unique (name, version)
);

create table experiments (
  key text primary key,
  status text not null check (status in ('draft', 'running', 'paused', 'stopped')),
  -- The design as parsed; it does not change after the start.
  definition json not null,
  created_at timestamptz not null,
  started_at timestamptz,
  stopped_at timestamptz
);

-- Content by hash: what an arm delivers is the same few texts for many recipients.
create table contents (
  hash text primary key,
  slots json not null
);

-- Drawn and stored: the row is the answer from then on.
create table enrolments (
  experiment text not null references experiments (key),
  recipient_key text not null,
  message_id text not null unique,
  arm int not null,
  fold smallint not null,
  allocation_version int not null,
  cohorts jsonb not null,
  enrolled_at timestamptz not null,
  primary key (experiment, recipient_key)
);

create index enrolments_by_time on enrolments (experiment, enrolled_at);

-- What was chosen for the recipient: assigned, delivered and fallen back are three different facts.
create table decisions (
  experiment text not null,
  recipient_key text not null,
  assigned_strategy text,
  delivered text not null check (delivered in ('strategy', 'fallback')),
  fallback_reason text,
  content_hash text not null references contents (hash),
  reason text not null,
  probability double precision not null,
  primary key (experiment, recipient_key),
  foreign key (experiment, recipient_key) references enrolments (experiment, recipient_key)
);

create index fallbacks_by_experiment on decisions (experiment) where delivered = 'fallback';

-- Append-only: never updated, never deleted.
create table events (
  id text primary key,
  experiment text not null,
  recipient_key text not null,
  type text not null,
  at timestamptz not null,
  class text,
  -- Minor units of the currency of the experiment.
  value bigint,
  url text,
  received_at timestamptz not null,
  foreign key (experiment, recipient_key) references enrolments (experiment, recipient_key)
);
create index events_by_recipient on events (experiment, recipient_key);

-- Facts, made from events: what became of the message. First times only.
create table messages (
  experiment text not null,
  recipient_key text not null,
  sent_at timestamptz,
  delivered_at timestamptz,
  opened_at timestamptz,
  human_opened_at timestamptz,
  clicked_at timestamptz,
  converted_at timestamptz,
  unsubscribed_at timestamptz,
  complained_at timestamptz,
  bounced_at timestamptz,
  primary key (experiment, recipient_key)
);

create index messages_by_sent on messages (experiment, sent_at);

-- Facts, made from events: the integer outcome of each metric for one recipient; metrics at zero are left out.
create table outcomes (
  experiment text not null,
  recipient_key text not null,
  outcomes jsonb not null,
  primary key (experiment, recipient_key)
);

-- Exact sums of outcomes. `cohort` and `cohort_value` are '' in the rows that hold everybody; `day` is the day of
-- enrolment (UTC), so that a recipient stands in one day only.
create table cells (
  experiment text not null references experiments (key),
  metric text not null,
  arm int not null,
  allocation_version int not null,
  cohort text not null,
  cohort_value text not null,
  fold smallint not null,
  day date not null,
  n bigint not null,
  non_zero bigint not null,
  sum numeric not null,
  sum_squares numeric not null,
  sum_cubes numeric not null,
  primary key (experiment, metric, arm, allocation_version, cohort, cohort_value, fold, day)
);

-- Frozen reports; the id is the hash of what the report says.
create table snapshots (
  id text primary key,
  experiment text not null references experiments (key),
  as_of timestamptz not null,
  -- json, not jsonb: the text stays as it was frozen.
  report json not null
);
create index snapshots_by_experiment on snapshots (experiment, as_of);
