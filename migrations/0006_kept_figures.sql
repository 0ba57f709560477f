-- How far the members of a segment are being made again, so that whoever comes after an interruption goes on from there.
create table segment_rebuilds (
  segment text primary key,
  version_hash text not null references segment_versions (hash),
  -- Everybody up to this key has been judged; empty: nobody yet.
  after_key text not null,
  -- Whatever arrived before this will be in.
  up_to timestamptz not null,
  judged bigint not null,
  -- How many recipients there were at the start.
  recipients bigint not null
);

-- Figures of the whole audience as last worked out, by the currency of its money.
create table audience_figures (
  currency text primary key,
  as_of timestamptz not null,
  figures json not null
);
