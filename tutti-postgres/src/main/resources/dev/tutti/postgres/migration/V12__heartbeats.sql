-- A process keeps one identity for its life, and what it says by the bus is compared with what it says here. Instances of
-- earlier versions run beside: they leave these columns alone.
alter table tutti.instance
    add column process uuid,                         -- null: the same as the incarnation
    add column beats   bigint not null default 0,    -- heartbeats that were sent on the bus, too
    add column unheard uuid[] not null default '{}'; -- processes whose heartbeats it misses there

-- A connection may be lost because its instance says so, or because others took that instance for dead.
alter table tutti.continuation add column orphaned boolean not null default false;

-- Dead is who was silent while others were not. A time in which nobody was heard for more than half of the silence
-- counts as a fifth of it, and one that was longer than the silence gives everybody the whole of it again, as does a clock
-- that was set back. One transaction at a time looks, so that all see the same; answers with the time.
create function tutti.forgive(silence interval) returns timestamptz
    language plpgsql
    as $$
declare
    moment timestamptz;
    hole   interval;
begin
    perform pg_advisory_xact_lock(hashtext('tutti.members'));
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

-- Adds a process. A former life of it may still be in the list, and so may processes that ended when nobody was left to see
-- it: long silent, and without a session here.
create function tutti.join_members(
        self uuid, me uuid, name text, at text, doing text, leaving boolean, told bigint, named text, silence interval)
    returns void
    language plpgsql
    as $$
begin
    delete from tutti.instance i
    where i.sessions = named
        or i.heartbeat < tutti.clock() - interval '10 minutes'
            and not exists (select from pg_stat_activity a where a.application_name = i.sessions);
    perform tutti.forgive(silence);
    insert into tutti.instance (process, incarnation, instance, address, role, draining, revision, sessions)
    values (self, me, name, at, doing, leaving, told, named);
end
$$;

-- Takes out who was silent for too long. What a process that stands still has open here is cut: it counts against the
-- budget, and may hold locks.
create function tutti.cut_silent(me uuid, since timestamptz) returns void
    language plpgsql
    as $$
declare
    cut integer;
begin
    with dead as (
        delete from tutti.instance i
        where i.incarnation in (
            select d.incarnation from tutti.instance d
            where d.heartbeat <= since and d.incarnation <> me
            for update skip locked)
        returning i.sessions)
    select count(pg_terminate_backend(a.pid)) into cut
    from dead join pg_stat_activity a on a.application_name = dead.sessions and a.usename = current_user;
end
$$;

-- Notes a heartbeat, unless it comes too late, and takes out who was silent for too long. Answers with all that are alive,
-- and the time.
create function tutti.heartbeat(
        me uuid, at text, doing text, leaving boolean, told bigint, number bigint, missing uuid[], silence interval)
    returns table (
        process uuid, incarnation uuid, instance text, address text, role text, draining boolean, revision bigint,
        beats bigint, unheard uuid[], moment timestamptz)
    language plpgsql
    as $$
#variable_conflict use_column
declare
    now timestamptz := tutti.forgive(silence);
begin
    update tutti.instance i
    set heartbeat = now, address = at, role = doing, draining = leaving, revision = told, beats = number,
        unheard = missing
    where i.incarnation = me and i.heartbeat > now - silence;
    perform tutti.cut_silent(me, now - silence);
    return query
        select coalesce(i.process, i.incarnation), i.incarnation, i.instance, i.address, i.role, i.draining, i.revision,
            i.beats, i.unheard, now
        from tutti.instance i
        where i.heartbeat > now - silence;
end
$$;

-- The same for instances of earlier versions, by the same rule.
create or replace function tutti.beat(
        me uuid, at text, doing text, leaving boolean, told bigint, silence interval) returns setof tutti.instance
    language plpgsql
    as $$
declare
    moment timestamptz := tutti.forgive(silence);
begin
    update tutti.instance i
    set heartbeat = moment, address = at, role = doing, draining = leaving, revision = told
    where i.incarnation = me and i.heartbeat > moment - silence;
    perform tutti.cut_silent(me, moment - silence);
    return query select * from tutti.instance i where i.heartbeat > moment - silence;
end
$$;
