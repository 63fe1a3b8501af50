-- Attributes of sessions, which the instances know by digests and seal, so that this server cannot read them. They are changed a few times
-- in a session and looked at often.
create table tutti.session_attributes (
    session    text        primary key,
    attributes jsonb       not null, -- sealed values in base64, by name
    expires_at timestamptz not null
) with (fillfactor = 70);

create index session_attributes_expires_at on tutti.session_attributes (expires_at);

-- Moves what is there under other names of a session to its first one, so that instances with different current secrets find the same.
-- Those of one part are put in order by a lock, as a row under a new name may not be there yet.
create function tutti.move_session(part integer, names text[]) returns void
    language plpgsql
    as $$
declare
    other tutti.session_attributes;
begin
    if cardinality(names) = 1 then
        return;
    end if;
    perform pg_advisory_xact_lock(hashtext('tutti.session_attributes'), part);
    for other in delete from tutti.session_attributes s where s.session = any (names[2:]) returning s.* loop
        insert into tutti.session_attributes as s values (names[1], other.attributes, other.expires_at)
        on conflict (session) do update
        set attributes = case when s.expires_at > tutti.clock() then excluded.attributes || s.attributes
                              else excluded.attributes end,
            expires_at = greatest(s.expires_at, excluded.expires_at);
    end loop;
end
$$;

-- The attributes of a session, which are kept from now on. The row is written when a tenth of its time is over.
create function tutti.read_session(part integer, names text[], ttl interval) returns table (name text, value bytea)
    language plpgsql
    as $$
begin
    perform tutti.move_session(part, names);
    update tutti.session_attributes s set expires_at = tutti.clock() + ttl
    where s.session = names[1] and s.expires_at > tutti.clock() and s.expires_at < tutti.clock() + ttl * 0.9;
    return query
    select a.key, decode(a.value, 'base64')
    from tutti.session_attributes s, jsonb_each_text(s.attributes) a
    where s.session = names[1] and s.expires_at > tutti.clock();
end
$$;

-- Sets and removes attributes; false if there would be too many, and then nothing has changed.
create function tutti.change_session(
        part integer, names text[], keys text[], contents bytea[], removed text[], most integer, most_bytes integer,
        ttl interval)
        returns boolean
    language plpgsql
    as $$
declare
    wanted jsonb;
begin
    perform tutti.move_session(part, names);
    loop -- a row that has run out may be dropped meanwhile
        select case when s.expires_at > tutti.clock() then s.attributes else '{}' end into wanted
        from tutti.session_attributes s where s.session = names[1] for update;
        exit when found;
        insert into tutti.session_attributes values (names[1], '{}', '-infinity') on conflict (session) do nothing;
    end loop;
    wanted := (wanted - removed) || coalesce(
        (select jsonb_object_agg(c.key, encode(c.content, 'base64')) from unnest(keys, contents) c (key, content)), '{}');
    if cardinality(keys) > 0 and (
            select count(*) > most or sum(octet_length(a.key) + octet_length(decode(a.value, 'base64'))) > most_bytes
            from jsonb_each_text(wanted) a) then
        return false;
    end if;
    update tutti.session_attributes s set attributes = wanted, expires_at = tutti.clock() + ttl where s.session = names[1];
    return true;
end
$$;

-- Replaces attributes that are still as they are known.
create function tutti.replace_session(part integer, names text[], keys text[], known bytea[], contents bytea[]) returns void
    language plpgsql
    as $$
declare
    held jsonb;
begin
    perform tutti.move_session(part, names);
    select s.attributes into held from tutti.session_attributes s where s.session = names[1] for update;
    update tutti.session_attributes s
    set attributes = held || coalesce(
        (select jsonb_object_agg(c.key, encode(c.content, 'base64'))
         from unnest(keys, known, contents) c (key, old, content)
         where held ->> c.key = encode(c.old, 'base64')), '{}')
    where s.session = names[1];
end
$$;
