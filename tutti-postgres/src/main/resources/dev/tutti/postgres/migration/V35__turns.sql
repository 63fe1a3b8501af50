-- Turns for that which one transaction at a time may do. They are rows, as anybody who is connected may take advisory locks:
-- whoever sat on one of these would keep all instances from their heartbeats.
create table tutti.turn (
    name text primary key
);

insert into tutti.turn values ('members'), ('connections'), ('runners'), ('making partitions'), ('declaring kinds');

-- As before.
create or replace function tutti.forgive(silence interval) returns timestamptz
    language plpgsql
    as $$
declare
    moment timestamptz;
    hole   interval;
begin
    perform from tutti.turn t where t.name = 'members' for no key update;
    moment := tutti.clock();
    select moment - max(least(i.heartbeat, moment)) into hole from tutti.instance i;
    update tutti.instance i
    set heartbeat = case
        when hole > silence or i.heartbeat > moment then moment
        else i.heartbeat + (hole - silence / 5)
    end
    where hole > silence / 2 or i.heartbeat > moment + interval '1 second';
    return moment;
end
$$;

create or replace function tutti.claim_connections(me uuid, wanted integer, budget integer) returns integer
    language plpgsql
    as $$
declare
    granted integer;
begin
    perform from tutti.turn t where t.name = 'connections' for no key update;
    select greatest(0, least(wanted, budget - 1 - coalesce(sum(i.connections), 0)))
    into granted
    from tutti.instance i
    where i.incarnation <> me;

    select greatest(granted, least(i.connections, (
        select count(*)::integer from pg_stat_activity a
        where a.application_name = i.sessions and a.usename = current_user)))
    into granted
    from tutti.instance i
    where i.incarnation = me;

    update tutti.instance i set connections = granted where i.incarnation = me;
    return granted;
end
$$;

create or replace function tutti.beat_runner(me uuid, silence interval)
    returns table (id bigint, attempt int, cancel_asked boolean)
    language plpgsql
    as $$
#variable_conflict use_column
declare
    moment timestamptz;
    hole interval;
    orphans bigint[];
    orphan_attempts int[];
begin
    perform from tutti.turn t where t.name = 'runners' for no key update;
    moment := tutti.clock();
    select moment - max(least(r.heartbeat, moment)) into hole from tutti.job_runner r;
    update tutti.job_runner r
    set heartbeat = case
        when hole > silence or r.heartbeat > moment then moment
        else r.heartbeat + (hole - silence / 5)
    end
    where hole > silence / 2 or r.heartbeat > moment + interval '1 second';
    insert into tutti.job_runner as r values (me, moment)
    on conflict (id) do update set heartbeat = excluded.heartbeat;
    delete from tutti.job_runner r where r.heartbeat < moment - silence;

    with lost as (
        select j.id, j.attempt from tutti.job j
        where j.state = 'running' and not exists (select from tutti.job_runner r where r.id = j.runner)
        limit 1000
        for no key update skip locked)
    select array_agg(l.id), array_agg(l.attempt) into orphans, orphan_attempts from lost l;
    if orphans is not null then
        perform tutti.end_jobs(orphans, orphan_attempts,
            array_fill('its runner died, or was taken for dead'::text, array[cardinality(orphans)]),
            array_fill(0::float8, array[cardinality(orphans)]), array_fill(true, array[cardinality(orphans)]));
    end if;
    return query select j.id, j.attempt, j.cancel_asked from tutti.job j where j.state = 'running' and j.runner = me;
end
$$;

create or replace function tutti.cover(wanted text, moment timestamptz) returns void
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
    perform from tutti.turn t where t.name = 'making partitions' for no key update; -- whoever has it waits for no append
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

create or replace function tutti.declare(wanted text, wanted_width interval) returns boolean
    language plpgsql
    as $$
declare
    own constant text := 'event_' || wanted;
    moment timestamptz;
begin
    if exists (select from tutti.kind k where k.name = wanted and k.width = wanted_width) then
        return true;
    end if;
    perform from tutti.turn t where t.name = 'declaring kinds' for no key update skip locked;
    if not found then
        return false; -- another one is about it
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

-- An instance drops only what its own retention names: the partitions of another one's kinds are not its to judge.
create or replace function tutti.drop_expired(kinds text[], ages interval[], other_age interval) returns text
    language plpgsql
    as $$
declare
    expired text;
begin
    perform from tutti.turn t where t.name = 'declaring kinds' for no key update skip locked;
    if not found then
        return null; -- another one is about it
    end if;
    select p.name into expired
    from tutti.partition p left join unnest(kinds, ages) as kept (kind, age) on kept.kind = p.kind
    where p.upper <= tutti.clock() - case p.kind when '' then other_age else kept.age end
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
