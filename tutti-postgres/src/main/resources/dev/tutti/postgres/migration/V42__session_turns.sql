-- Turns for the sessions of a part, as there are for what one transaction at a time may do: anybody who is connected may take advisory
-- locks, and whoever sat on one of these would keep people from their attributes while secrets are replaced.
insert into tutti.turn select 'session part ' || part from generate_series(0, 1023) part;

-- As before.
create or replace function tutti.move_session(part integer, names text[]) returns void
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    other tutti.session_attributes;
begin
    if cardinality(names) = 1 then
        return;
    end if;
    perform from tutti.turn t where t.name = 'session part ' || part for no key update;
    if not found then
        raise exception 'sessions have no part %', part;
    end if;
    for other in delete from tutti.session_attributes s where s.session = any (names[2:]) returning s.* loop
        insert into tutti.session_attributes as s values (names[1], other.attributes, other.expires_at)
        on conflict (session) do update
        set attributes = case when s.expires_at > tutti.clock() then excluded.attributes || s.attributes
                              else excluded.attributes end,
            expires_at = greatest(s.expires_at, excluded.expires_at);
    end loop;
end
$$;
