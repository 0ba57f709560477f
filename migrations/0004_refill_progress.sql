-- How far a refill is, written beside its transaction so that everybody sees it. A row that nobody writes any more is of a
-- refill that was interrupted. No reference to `refills`: it would wait for the transaction that works on the row there.
create table refill_progress (
  refill text primary key,
  recipients bigint not null,
  updated_at timestamptz not null
);
