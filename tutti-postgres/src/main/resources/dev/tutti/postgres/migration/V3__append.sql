-- Appends events, in the order of the arrays, to any streams, in one statement and so in one transaction; or in the
-- caller's transaction. The arrays have the same length. Answers, for each, its place in the arrays, its seq and time,
-- and whether the stream had its key already.
--
-- Correct under READ COMMITTED alone: the statement behind the lock must see what the lock's former holder committed.
--
-- enable_seqscan, plan_cache_mode: the plans must be those of a large table from the first day on, and must not be made
-- anew for each call; which partitions are not needed is found out at execution.
create function tutti.append(names text[], types text[], keys text[], contents bytea[])
    returns table (place bigint, seq bigint, at timestamptz, repeated boolean)
    language plpgsql
    set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
    as $$
#variable_conflict use_column
declare
    this_xid constant xid8 := pg_current_xact_id();
    moment timestamptz;
    this_kind text;
    partition_kind text;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'tutti.append works under read committed, not under %', current_setting('transaction_isolation')
            using errcode = 'invalid_transaction_state';
    end if;

    -- Always in the order of names, here and when locking, so that two appends cannot wait for each other.
    insert into tutti.stream (name)
    select wanted.name
    from (select distinct n.name collate "C" as name from unnest(names) as n (name)) wanted
    where not exists (select from tutti.stream s where s.name = wanted.name)
    order by wanted.name
    on conflict (name) do nothing;

    perform from tutti.stream s where s.name = any (names) order by s.name for no key update;

    moment := tutti.clock();

    for this_kind in select distinct split_part(n.name, ':', 1) from unnest(names) as n (name)
    loop
        select coalesce(max(k.name), '') into partition_kind from tutti.kind k where k.name = this_kind;
        if not exists (
            select from tutti.partition p where p.kind = partition_kind and p.lower <= moment and moment < p.upper)
        then
            perform tutti.cover(partition_kind, moment);
        end if;

        return query
        with wish as (
            select w.place, s.id, s.head, greatest(s.at, moment) as at, s.xid, w.type, w.key, w.content,
                   known.seq as known_seq, known.at as known_at
            from unnest(names, types, keys, contents) with ordinality as w (name, type, key, content, place)
            join tutti.stream s on s.name = w.name
            left join lateral (
                select e.seq, e.at
                from tutti.event e
                where e.kind = this_kind and e.stream_id = s.id and e.key = w.key
                limit 1
            ) known on true
            where split_part(w.name, ':', 1) = this_kind
        ),
        told as (  -- a repeat within the arrays is one whose key has an earlier place there
            select w.*,
                   w.known_seq is null
                   and (w.key is null or w.place = min(w.place) over (partition by w.id, w.key)) as is_new
            from wish w
        ),
        numbered as materialized (
            select t.*, t.head + count(*) filter (where t.is_new) over (partition by t.id order by t.place) as new_seq
            from told t
        ),
        added as (
            insert into tutti.event (stream_id, seq, at, xid, previous_xid, kind, type, key, data)
            select n.id, n.new_seq, n.at, this_xid, case n.new_seq when n.head + 1 then n.xid else this_xid end,
                   this_kind, n.type, n.key, n.content
            from numbered n
            where n.is_new
        ),
        moved as (
            update tutti.stream s
            set head = m.seq, at = m.at, xid = this_xid
            from (
                select n.id, max(n.new_seq) as seq, max(n.at) as at from numbered n where n.is_new group by n.id
            ) m
            where s.id = m.id
        )
        select n.place,
               coalesce(n.known_seq, case when n.is_new then n.new_seq
                   else min(n.new_seq) filter (where n.is_new) over (partition by n.id, n.key) end),
               coalesce(n.known_at, n.at),
               not n.is_new
        from numbered n;
    end loop;
end
$$;
