-- Decisions to send nothing. They count like all others: whoever is drawn to an arm is compared as part of it.

alter table decisions add column withheld boolean not null default false;
create index decisions_withheld on decisions (experiment) where withheld;
