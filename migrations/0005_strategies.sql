-- Strategies with all that they refer to, each an immutable version known by the hash of its content; and the ledger of what
-- was decided and delivered.

-- Texts that slots name.
create table content_versions (
  hash text primary key,
  name text not null,
  version int not null,
  body text not null,
  created_at timestamptz not null,
  unique (name, version)
);

-- What renders a message. `compiled` is what is rendered: MJML as HTML, everything else as written.
create table template_versions (
  hash text primary key,
  name text not null,
  version int not null,
  definition json not null,
  compiled json not null,
  created_at timestamptz not null,
  unique (name, version)
);

-- The catalogue at one moment, whole.
create table catalogue_snapshots (
  hash text primary key,
  items json not null,
  size int not null,
  created_at timestamptz not null
);

-- What a strategy had learned from what was known at `clock`.
create table learned_states (
  hash text primary key,
  strategy text not null references strategy_versions (hash),
  state json not null,
  clock timestamptz not null,
  seed text not null,
  -- How much it learned from, and of which experiments' arms, as JSON.
  source json not null,
  created_at timestamptz not null
);

-- Live conditions by name.
create table segment_versions (
  hash text primary key,
  name text not null,
  version int not null,
  definition json not null,
  created_at timestamptz not null,
  unique (name, version)
);

-- Who is in which segment now, as of the latest version of its name. `recheck_at`: when the verdict may change although
-- nothing new happens, because a window moves on; null: never.
create table segment_members (
  segment text not null,
  recipient_key text not null,
  member boolean not null,
  since timestamptz not null,
  recheck_at timestamptz,
  primary key (segment, recipient_key)
);
create index segment_members_recheck on segment_members (recheck_at) where recheck_at is not null;
create index segment_members_in on segment_members (segment) where member;

-- How far the members are up to date.
create table segment_progress (
  segment text primary key,
  version_hash text not null references segment_versions (hash),
  -- Whatever arrived before this is in.
  up_to timestamptz not null,
  members bigint not null,
  updated_at timestamptz not null
);

-- Recipients about whom something became known that has no time of arrival of its own: a new identity, a changed profile, a
-- message that events had waited for. Emptied by whoever keeps the members up to date.
create table segment_touches (
  recipient_key text not null
);

-- Personas: clusters of recipients with a description that people may rewrite; versions only.
create table persona_versions (
  hash text primary key,
  name text not null,
  version int not null,
  definition json not null,
  created_at timestamptz not null,
  unique (name, version)
);

-- Which version of a name is the one to use, and who said so. Append-only: to go back is one more row.
create table strategy_activations (
  id bigint generated always as identity primary key,
  name text not null,
  hash text not null references strategy_versions (hash),
  status text not null check (status in ('active', 'retired')),
  note text,
  done_by text not null,
  done_at timestamptz not null
);
create index strategy_activations_by_name on strategy_activations (name, id);

-- Everything that an arm is pinned to: strategy, what it learned, template, catalogue, clock of its features.
create table manifests (
  hash text primary key,
  manifest json not null
);

-- The ledger. What decisions were made from is kept, so that each can be made again.
alter table decisions
  add column id text unique,
  add column decided_at timestamptz,
  add column manifest text references manifests (hash),
  -- Hash of the strategy version whose choice was delivered; null: the fallback, or an arm without strategy.
  add column delivered_strategy text,
  -- [[item, score, reason], …], best first.
  add column items json,
  add column trace json,
  -- Traits and history as the strategy saw them.
  add column inputs json;

-- Messages of one recipient's enrolments beyond the first of each, and what was done with messages: the history that
-- strategies see.
create index messages_of_waves on messages (enrolment) where wave <> '';
create index events_of_messages on events (message_id) where message_id is not null;

-- Messages that could not be rendered as they were meant, and what went out instead; the others leave no trace.
create table render_fallbacks (
  message_id text primary key,
  experiment text not null references experiments (key),
  arm int not null,
  template text not null references template_versions (hash),
  rendered text not null check (rendered in ('fallback', 'defaults', 'plain')),
  reason text not null,
  rendered_at timestamptz not null
);
create index render_fallbacks_of on render_fallbacks (experiment, arm);
