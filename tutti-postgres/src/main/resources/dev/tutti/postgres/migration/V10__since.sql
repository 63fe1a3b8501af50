-- As before, but what a snapshot does not see is looked for as what it is: the transactions that were running then, and
-- those that began later. A transaction that stays open for long, in whatever database, costs one look more, and not the
-- reading of everything since it began.
create or replace function tutti.committed_since(since pg_snapshot, most bigint)
    returns table (stream_id bigint, seq bigint)
    language plpgsql stable
    set enable_seqscan = off
    set enable_bitmapscan = off
    set plan_cache_mode = force_generic_plan
    as $$
#variable_conflict use_column
begin
    return query
    select e.stream_id, e.seq
    from tutti.event e
    where e.xid >= pg_snapshot_xmax(since)
    union all
    select e.stream_id, e.seq
    from tutti.event e
    where e.xid = any (array(select pg_snapshot_xip(since)))
    limit most;
end
$$;

-- Which history of the server this is: another one after a failover or a recovery to an earlier point in time, in which
-- transactions may be missing that were committed before. Empty where the server does not tell.
create function tutti.timeline() returns text
    language plpgsql stable
    as $$
begin
    if pg_is_in_recovery() then
        raise exception 'this server is a standby' using errcode = 'read_only_sql_transaction';
    end if;
    return substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
exception
    when insufficient_privilege or feature_not_supported then
        return '';
end
$$;

alter table tutti.life add column timeline text not null default tutti.timeline();

-- The life that positions name: the stored one, and in each later history another.
create function tutti.present_life() returns text
    language sql stable
    as $$
select case timeline when tutti.timeline() then id else substr(md5(id || tutti.timeline()), 1, 8) end from tutti.life
$$;
