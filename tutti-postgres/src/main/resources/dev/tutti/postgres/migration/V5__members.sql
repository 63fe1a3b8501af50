-- The processes of the cluster, by this server's clock. A few rows, each changed once a second.
create table tutti.instance (
    incarnation uuid        primary key,
    instance    text        not null,
    address     text        not null,
    role        text        not null,
    draining    boolean     not null,
    revision    bigint      not null,
    sessions    text        not null,            -- application_name of its connections to this server
    connections integer     not null default 0,  -- how many of them it may have
    started     timestamptz not null default tutti.clock(),
    heartbeat   timestamptz not null default tutti.clock()
) with (fillfactor = 30);

-- Notes a heartbeat, unless it comes too late, and takes out who was silent for too long. What a process that stands
-- still has open here is cut: it counts against the budget, and may hold locks. Answers with all that are alive.
create function tutti.beat(
        me uuid, at text, doing text, leaving boolean, told bigint, silence interval) returns setof tutti.instance
    language plpgsql
    as $$
declare
    cut integer;
begin
    update tutti.instance i
    set heartbeat = tutti.clock(), address = at, role = doing, draining = leaving, revision = told
    where i.incarnation = me and i.heartbeat > tutti.clock() - silence;

    with dead as (
        delete from tutti.instance i
        where i.incarnation in (
            select d.incarnation from tutti.instance d
            where d.heartbeat <= tutti.clock() - silence and d.incarnation <> me
            for update skip locked)
        returning i.sessions)
    select count(pg_terminate_backend(a.pid)) into cut
    from dead join pg_stat_activity a on a.application_name = dead.sessions and a.usename = current_user;

    return query select * from tutti.instance i where i.heartbeat > tutti.clock() - silence;
end
$$;

-- Gives one process as many of the budget's connections as it wants and others have left; one is kept free for whoever
-- comes next. What a process holds does not become another's before it gave it back, or was taken out.
create function tutti.claim_connections(me uuid, wanted integer, budget integer) returns integer
    language plpgsql
    as $$
declare
    granted integer;
begin
    perform pg_advisory_xact_lock(hashtext('tutti.connections'));
    select greatest(0, least(wanted, budget - 1 - coalesce(sum(i.connections), 0)))
    into granted
    from tutti.instance i
    where i.incarnation <> me;
    update tutti.instance i set connections = granted where i.incarnation = me;
    return granted;
end
$$;
