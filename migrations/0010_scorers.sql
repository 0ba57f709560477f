-- Models from elsewhere that strategies may ask: what they are and where they come from, as immutable versions. No secrets:
-- a header names the setting of the environment that holds its value.

-- Model files, known by the hash of their bytes. In the database and not in a folder: every instance of the service reads
-- them, and one backup holds all.
create table scorer_files (
  hash text primary key,
  content bytea not null,
  created_at timestamptz not null
);

create table scorers (
  hash text primary key,
  name text not null,
  version int not null,
  definition json not null,
  file text references scorer_files (hash),
  registered_by text not null,
  created_at timestamptz not null,
  unique (name, version)
);
