-- Who may come in: keys for programs, one-time links and sessions for people.
-- Every secret that lets somebody in is 32 random bytes and stands here only as its SHA-256. The token of forms is no
-- such secret: it is worth nothing without the session.

create table api_keys (
  id text primary key,
  name text not null,
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ array['sender', 'ingest', 'analyst', 'admin']),
  secret_hash text not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);

create table sign_in_links (
  token_hash text primary key,
  name text not null,
  role text not null check (role in ('admin', 'analyst', 'sender')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table sessions (
  id_hash text primary key,
  name text not null,
  role text not null check (role in ('admin', 'analyst', 'sender')),
  csrf_token text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create index sign_in_links_expiry on sign_in_links (expires_at);
create index sessions_expiry on sessions (expires_at);
