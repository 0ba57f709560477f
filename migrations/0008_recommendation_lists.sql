-- Lists of recommendations that senders pull: made for everybody in one go, and not served once they are old.

create table recommendation_lists (
  -- Of the strategy.
  name text not null,
  recipient_key text not null references identities,
  model text not null references learned_states (hash),
  -- Nothing that happened at it or later was looked at.
  clock timestamptz not null,
  made_at timestamptz not null,
  -- How the list came about, for readers.
  reason text not null,
  -- Best first, as [[item, score, reason], …]; longer than what is served, so that something stands by.
  items json not null,
  primary key (name, recipient_key)
);
create index recommendation_lists_by_recipient on recommendation_lists (recipient_key);

-- Making the lists of a strategy, as it goes on: whoever takes it up after an interruption goes on behind `after_key`.
create table recommendation_list_runs (
  name text primary key,
  run text not null,
  strategy text not null references strategy_versions (hash),
  model text not null references learned_states (hash),
  catalogue text not null references catalogue_snapshots (hash),
  clock timestamptz not null,
  after_key text not null,
  -- Recipients looked at, lists written, and recipients there were at the beginning.
  looked_at bigint not null,
  written bigint not null,
  recipients bigint not null,
  started_at timestamptz not null,
  moved_at timestamptz not null,
  ended_at timestamptz
);
