-- Gives one process as many of the budget's connections as it wants and others have left; one is kept free for whoever
-- comes next. What a process holds does not become another's before it gave it back, or was taken out. It has given back
-- what this server has closed: a session of its own counts until it has ended here.
create or replace function tutti.claim_connections(me uuid, wanted integer, budget integer) returns integer
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
