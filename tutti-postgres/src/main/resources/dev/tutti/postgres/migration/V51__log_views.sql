-- The log as other programs, and features that keep tables beside it, read it in SQL. The tables behind these views may change;
-- a view may get more columns, and none of them changes.

create view tutti.streams as
    select id, name, head, at from tutti.stream;

-- Events are partitioned by kind, the part of a stream's name before the colon: a query that names the kind reads no others.
create view tutti.events as
    select kind, stream_id, seq, at, type, key, data from tutti.event;

-- The time from which on the log has the events of a kind: earlier ones are not kept any more. Null if it has had none yet. For a kind
-- without a retention of its own this is the time of all such kinds.
create function tutti.kept_since(kind text) returns timestamptz
    language sql stable
    security definer
    set search_path = pg_catalog, pg_temp
    as $$
    select min(p.lower)
    from tutti.partition p
    where p.kind = coalesce((select k.name from tutti.kind k where k.name = kept_since.kind), '')
    $$;

-- Deletes a durable feed when the transaction commits, and answers whether there was one. Subscribers are not told.
create function tutti.delete_feed(key text) returns boolean
    language sql
    security definer
    set search_path = pg_catalog, pg_temp
    as $$
    with deleted as (delete from tutti.feed f where f.key = delete_feed.key returning true)
    select exists (select from deleted)
    $$;

revoke execute on function tutti.kept_since(text), tutti.delete_feed(text) from public;
