-- The latest version of each durable feed. A row is written in place again and again, so it is not filled to the brim.
create table tutti.feed (
    key     text        primary key,
    version bigint      not null check (version between 1 and 9007199254740991),
    value   bytea       check (octet_length(value) between 1 and 262144), -- JSON in UTF-8; null if the version alone is told
    changed timestamptz not null
) with (fillfactor = 50);

-- Makes a version the latest one of its feed if it is newer than what is held, and tells everybody who listens to app_events
-- when the transaction commits. Answers the version that is held now, and whether it is this one.
create function tutti.put_feed(feed text, new_version bigint, new_value bytea, instance text)
        returns table (accepted boolean, held bigint)
    language plpgsql
    as $$
begin
    insert into tutti.feed as f (key, version, value, changed)
    values (feed, new_version, new_value, tutti.clock())
    on conflict (key) do update
        set version = excluded.version, value = excluded.value, changed = excluded.changed
        where f.version < excluded.version;
    if found then
        perform pg_notify('app_events', json_strip_nulls(json_build_object(
            'key', feed, 'version', new_version, 'instanceId', instance))::text);
        return query select true, new_version;
    else
        return query select false, f.version from tutti.feed f where f.key = feed;
    end if;
end
$$;

-- The same for anybody's transaction: a trigger's, a script's, another program's. Answers the version that is held then: that
-- which was published, or a newer one. Without a value, subscribers are told the version alone.
--
-- It runs with the rights of its owner, so that a role needs no other right than to call it:
--   grant usage on schema tutti to reporter;
--   grant execute on function tutti.publish_feed(text, bigint, jsonb) to reporter;
create function tutti.publish_feed(key text, version bigint, value jsonb default null) returns bigint
    language plpgsql
    security definer
    set search_path = pg_catalog, pg_temp
    as $$
#variable_conflict use_variable
declare
    content bytea;
begin
    if key is null or key collate "C" !~ '^[a-z][a-z0-9-]{0,31}:[A-Za-z0-9._~:-]{1,128}$' then
        raise exception 'bad_request: feed key % is not of the form kind:id, with a kind of 1 to 32 characters of [a-z0-9-] and an id of 1 to 128 characters of [A-Za-z0-9._~:-]',
            coalesce(quote_literal(left(key, 161)), 'null') using errcode = 'invalid_parameter_value';
    end if;
    if version is null or version not between 1 and 9007199254740991 then
        raise exception 'bad_request: version % of a feed; allowed are 1 to 9007199254740991',
            coalesce(version::text, 'null') using errcode = 'invalid_parameter_value';
    end if;
    content := convert_to(value::text, 'UTF8');
    if octet_length(content) > 262144 then
        raise exception 'too_large: the value of a feed has % bytes; allowed are 1 to 262144', octet_length(content)
            using errcode = 'program_limit_exceeded';
    end if;
    return (select p.held from tutti.put_feed(key, version, content, null) p);
end
$$;

revoke execute on function tutti.publish_feed(text, bigint, jsonb) from public;
