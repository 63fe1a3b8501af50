-- Partitions: made ahead of time, dropped when everything in them is too old.
--
-- Two advisory locks, 0x74757474 = 'tutt':
--   1  making partitions; waited for, because an append may need one now. Whoever holds it waits for no append.
--   2  declaring kinds and dropping partitions; never waited for: whoever does not get it leaves the work to the other.

-- Makes the partition of a kind that covers a moment, unless there is one.
create function tutti.cover(wanted text, moment timestamptz) returns void
    language plpgsql
    as $$
declare
    parent constant text := 'event_' || case wanted when '' then '_others' else wanted end;
    width interval;
    bin timestamptz;
    first timestamptz;
    last timestamptz;
    table_name text;
begin
    perform pg_advisory_xact_lock(1953854580, 1);
    if exists (select from tutti.partition p where p.kind = wanted and p.lower <= moment and moment < p.upper) then
        return;
    end if;
    select k.width into strict width from tutti.kind k where k.name = wanted;
    bin := date_bin(width, moment, timestamptz 'epoch');
    -- Where the width has changed, neighbours need not lie on the same grid.
    select greatest(bin, max(p.upper)) into first
    from tutti.partition p where p.kind = wanted and p.upper <= moment;
    select least(bin + width, min(p.lower)) into last
    from tutti.partition p where p.kind = wanted and p.lower > moment;

    table_name := parent || to_char(first at time zone 'UTC', '_YYYYMMDD_HH24MISS');
    execute format('create table tutti.%I (like tutti.event including defaults)', table_name);
    execute format('create unique index on tutti.%I (stream_id, seq)', table_name);
    execute format('create index on tutti.%I (stream_id, key) where key is not null', table_name);
    execute format('create index on tutti.%I (xid) include (stream_id, seq)', table_name);
    -- Attaching, unlike "create table … partition of", waits for nobody who appends.
    execute format(
        'alter table tutti.%I attach partition tutti.%I for values from (%L) to (%L)',
        parent, table_name, first, last);
    insert into tutti.partition values (table_name, wanted, first, last);
end
$$;

-- Gives a kind partitions of its own, or another width to those it will have. Events of the kind that are among the
-- others are moved, which takes its time, once, when a kind is declared after it has been used. Answers whether the
-- kind is declared now.
create function tutti.declare(wanted text, wanted_width interval) returns boolean
    language plpgsql
    as $$
declare
    own constant text := 'event_' || wanted;
    moment timestamptz;
begin
    if exists (select from tutti.kind k where k.name = wanted and k.width = wanted_width) then
        return true;
    end if;
    if not pg_try_advisory_xact_lock(1953854580, 2) then
        return false;
    end if;
    if exists (select from tutti.kind k where k.name = wanted) then
        update tutti.kind set width = wanted_width where name = wanted;
        return true;
    end if;

    perform set_config('lock_timeout', '2s', true);
    lock table tutti.event__others in access exclusive mode;
    insert into tutti.kind values (wanted, wanted_width);
    execute format('create table tutti.%I (like tutti.event including defaults) partition by range (at)', own);
    for moment in
        select distinct date_bin(wanted_width, e.at, timestamptz 'epoch') from tutti.event__others e where e.kind = wanted
    loop
        perform tutti.cover(wanted, moment);
    end loop;
    execute format(
        'with moved as (delete from tutti.event__others where kind = %L returning *)'
        ' insert into tutti.%I select * from moved', wanted, own);
    execute format('alter table tutti.event attach partition tutti.%I for values in (%L)', own, wanted);
    return true;
exception
    when lock_not_available then
        return false; -- a long transaction is in the way; the kind stays among the others until the next time
end
$$;

-- Makes the partitions of this moment and of the next.
create function tutti.cover_ahead() returns void
    language plpgsql
    as $$
declare
    moment constant timestamptz := tutti.clock();
    declared record;
begin
    for declared in
        select k.name, wanted.at
        from tutti.kind k cross join lateral (values (moment), (moment + k.width)) wanted (at)
        where not exists (
            select from tutti.partition p where p.kind = k.name and p.lower <= wanted.at and wanted.at < p.upper)
        order by k.name, wanted.at
    loop
        perform tutti.cover(declared.name, declared.at);
    end loop;
end
$$;

-- Drops one partition in which everything is older than its kind is kept, and answers its name; null if there is none,
-- or if it is in use just now. One at a time, because nobody reads or appends events of the kind meanwhile.
create function tutti.drop_expired(kinds text[], ages interval[], other_age interval) returns text
    language plpgsql
    as $$
declare
    expired text;
begin
    if not pg_try_advisory_xact_lock(1953854580, 2) then
        return null;
    end if;
    select p.name into expired
    from tutti.partition p left join unnest(kinds, ages) as kept (kind, age) on kept.kind = p.kind
    where p.upper <= tutti.clock() - coalesce(kept.age, other_age)
    order by p.upper
    limit 1;
    if expired is not null then
        perform set_config('lock_timeout', '500ms', true);
        execute format('drop table tutti.%I', expired);
        delete from tutti.partition p where p.name = expired;
    end if;
    return expired;
exception
    when lock_not_available then
        return null;
end
$$;
