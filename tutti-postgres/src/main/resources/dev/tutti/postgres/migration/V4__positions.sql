-- Positions are snapshots of transactions: what was committed by then is visible in them, for ever.

-- The events that were committed after a snapshot, at most so many: their streams and seqs.
--
-- Every leaf has an index on (xid) that includes what is answered. Transactions before the snapshot's xmin are visible
-- in it; so the scan begins there, at the right end of each index, and costs what has happened since.
create function tutti.committed_since(since pg_snapshot, most bigint)
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
    where e.xid >= pg_snapshot_xmin(since) and not pg_visible_in_snapshot(e.xid, since)
    limit most;
end
$$;

-- The last seq of a stream that is visible in a snapshot, where the head is not. Commits follow seqs, so that what is
-- visible is the beginning of the stream: it is searched from the head in growing steps, then by halves. 0 if the last
-- visible event is no longer kept and neither is the first invisible one.
create function tutti.seen(this_kind text, this_stream bigint, head bigint, given pg_snapshot) returns bigint
    language plpgsql stable
    set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
    as $$
declare
    visible bigint := 0;         -- this seq is visible, or dropped, or 0
    invisible bigint := head + 1; -- this one is not
    step bigint := 1;
    probe bigint;
    found_xid xid8;
    found_previous xid8;
begin
    while invisible - visible > 1 loop
        probe := case visible when 0 then greatest(invisible - step, 1) else (visible + invisible) / 2 end;
        step := step * 2;
        found_xid := null;
        select e.xid, e.previous_xid into found_xid, found_previous
        from tutti.event e
        where e.kind = this_kind and e.stream_id = this_stream and e.seq = probe;
        if found_xid is null or pg_visible_in_snapshot(found_xid, given) then
            visible := probe;
        elsif pg_visible_in_snapshot(found_previous, given) then
            return probe - 1;
        else
            invisible := probe;
        end if;
    end loop;
    -- The event behind "visible" is not visible, and neither is the one before it, or it would have been the answer.
    return 0;
end
$$;

-- Begins a new life if transactions are stored that are still to come, as in a dump that was restored elsewhere: makes
-- all stored transactions past ones, and positions of the former life invalid. Answers whether it did. To be called
-- with true after a restore to an earlier point in time, where it cannot be seen.
create function tutti.rebase(by_operator boolean default false) returns boolean
    language plpgsql
    set enable_seqscan = off
    as $$
declare
    next constant xid8 := pg_snapshot_xmax(pg_current_snapshot());
begin
    if not by_operator and not exists (select from tutti.event e where e.xid >= next) then
        return false;
    end if;
    lock table tutti.stream in share row exclusive mode;
    if not by_operator and not exists (select from tutti.event e where e.xid >= next) then
        return false; -- another instance was quicker
    end if;
    update tutti.event set xid = '3', previous_xid = '3' where xid >= next;
    update tutti.stream set xid = '3' where xid >= next;
    update tutti.life set id = substr(replace(gen_random_uuid()::text, '-', ''), 1, 8), since = clock_timestamp();
    return true;
end
$$;
