-- What strategies learn, as models: numbered by the name of their strategy, with a report, and one of them in use.

alter table learned_states
  -- `name` of the strategy version, and the how manieth model of that name.
  add column name text,
  add column number int,
  add column report json,
  -- The model that was in use when it was made, and with which it was compared.
  add column parent text references learned_states (hash);
update learned_states l set name = n.name, number = n.number
from (
  select l.hash, v.name, row_number() over (partition by v.name order by l.created_at, l.hash) as number
  from learned_states l join strategy_versions v on v.hash = l.strategy
) n where n.hash = l.hash;
alter table learned_states
  alter column name set not null,
  alter column number set not null,
  add constraint learned_states_number unique (name, number);

-- Which model of a strategy version is in use, and who said so and why. Append-only: to go back is one more row. `kept`: a
-- new model was compared with the one in use and was not better.
create table model_promotions (
  id bigint generated always as identity primary key,
  name text not null,
  strategy text not null references strategy_versions (hash),
  model text not null references learned_states (hash),
  status text not null check (status in ('promoted', 'kept')),
  why text not null,
  -- Both on the same hold-out, as JSON: {measure, challenger, champion, rows}.
  comparison json,
  done_by text not null,
  done_at timestamptz not null
);
create index model_promotions_by_strategy on model_promotions (strategy, id);
insert into model_promotions (name, strategy, model, status, why, done_by, done_at)
select name, strategy, hash, 'promoted', 'It was the newest.', 'migration', created_at
from learned_states order by created_at, hash;

-- Learning as it goes on, and how it ended: what fails leaves the model in use and says so here.
create table learning_runs (
  id text primary key,
  name text not null,
  strategy text not null references strategy_versions (hash),
  status text not null check (status in ('waiting', 'running', 'done', 'failed', 'interrupted')),
  -- What it is doing, in words, and how much of it is done.
  step text not null,
  share float8,
  message text,
  -- What it was asked for, as JSON: {clock, seed, catalogue}, each left out where it was not said.
  options json not null,
  model text references learned_states (hash),
  asked_by text not null,
  asked_at timestamptz not null,
  started_at timestamptz,
  -- Somebody wants it to end before it is done.
  stop_asked_at timestamptz,
  stop_asked_by text,
  ended_at timestamptz,
  -- Whoever runs it says so now and then; silent for long, it has been interrupted.
  seen_at timestamptz not null
);
create index learning_runs_by_name on learning_runs (name, asked_at);
create index learning_runs_open on learning_runs (asked_at) where status in ('waiting', 'running');

-- Strategies that learn again by themselves, every so many days at a time of the day in UTC. `since`: from when the days count.
create table retraining (
  name text primary key,
  every_days int not null check (every_days between 1 and 365),
  at text not null check (at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
  since timestamptz not null,
  set_by text not null
);

-- How a model does as time goes on: drift of what goes in, of what comes out, and of how well it fits.
create table model_checks (
  model text not null references learned_states (hash),
  checked_at timestamptz not null,
  measure text not null,
  -- Null: it could not be had, and `detail` says why.
  value float8,
  threshold float8,
  alerting boolean not null,
  detail json not null,
  primary key (model, checked_at, measure)
);

-- What somebody should look at, until it is over or settled by a person.
create table alerts (
  id text primary key,
  -- One open alert for each kind and subject.
  kind text not null,
  subject text not null,
  message text not null,
  detail json not null,
  raised_at timestamptz not null,
  seen_at timestamptz not null,
  closed_at timestamptz,
  closed_by text
);
create unique index alerts_open on alerts (kind, subject) where closed_at is null;
