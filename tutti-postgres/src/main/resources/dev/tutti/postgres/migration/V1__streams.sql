-- Streams: one row per stream, one row per event, events partitioned by kind and then by time.

-- The clock by which everything is decided. Every instance asks the database, so that they agree.
create function tutti.clock() returns timestamptz
    language sql stable
    as 'select pg_catalog.clock_timestamp()';

-- Which life of the database this is. Positions name transactions by number, and the numbers mean something in one
-- life only: a dump that is restored elsewhere begins a new one (see tutti.rebase).
create table tutti.life (
    one boolean primary key default true check (one),
    id text not null default substr(replace(gen_random_uuid()::text, '-', ''), 1, 8),
    since timestamptz not null default clock_timestamp()
);

insert into tutti.life default values;

-- A stream's row is locked by whoever appends to it, until the end of the transaction. That makes the order of seqs
-- the order of commits. Half of each page is left free, and no index holds what an append changes, so that an update
-- stays on its page and touches no index (HOT).
create table tutti.stream (
    id bigint generated always as identity primary key,
    name text collate "C" not null unique,
    head bigint not null default 0,                  -- the last event's seq
    at timestamptz not null default '-infinity',     -- the last event's time
    xid xid8 not null default '3'                    -- the transaction that added the last event; 3 is before all
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);

create table tutti.event (
    stream_id bigint not null,
    seq bigint not null,
    at timestamptz not null,
    xid xid8 not null,                               -- the transaction that added it
    previous_xid xid8 not null,                      -- the one that added the event before it
    kind text collate "C" not null,
    type text collate "C" not null,
    key text collate "C",
    data bytea not null
) partition by list (kind);

-- Kinds with partitions of their own, and how much time one of these covers. '' stands for all other kinds.
create table tutti.kind (
    name text collate "C" primary key,
    width interval not null
);

-- The partitions there are, because the catalogue knows their bounds only as text.
create table tutti.partition (
    name text collate "C" primary key,               -- of the table, in schema tutti
    kind text collate "C" not null references tutti.kind,
    lower timestamptz not null,
    upper timestamptz not null,                      -- exclusive
    unique (kind, lower)
);

insert into tutti.kind values ('', interval '1 day');

create table tutti.event__others partition of tutti.event default partition by range (at);
