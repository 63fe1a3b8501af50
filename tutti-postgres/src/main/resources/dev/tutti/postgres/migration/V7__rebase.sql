-- As before, but for a fault: what is stored was compared with a snapshot taken before the look, so that an append of
-- another instance between the two seemed to come from the future, and a new life began without need. Within one
-- statement both are of the same moment, and everything that it sees is of the past.
create or replace function tutti.rebase(by_operator boolean default false) returns boolean
    language plpgsql
    set enable_seqscan = off
    as $$
declare
    next xid8;
begin
    if not by_operator and not exists (
        select from tutti.event e where e.xid >= pg_snapshot_xmax(pg_current_snapshot())) then
        return false;
    end if;
    lock table tutti.stream in share row exclusive mode;
    if not by_operator and not exists (
        select from tutti.event e where e.xid >= pg_snapshot_xmax(pg_current_snapshot())) then
        return false; -- another instance was quicker
    end if;
    next := pg_snapshot_xmax(pg_current_snapshot()); -- nobody appends any more
    update tutti.event set xid = '3', previous_xid = '3' where xid >= next;
    update tutti.stream set xid = '3' where xid >= next;
    update tutti.life set id = substr(replace(gen_random_uuid()::text, '-', ''), 1, 8), since = clock_timestamp();
    return true;
end
$$;
