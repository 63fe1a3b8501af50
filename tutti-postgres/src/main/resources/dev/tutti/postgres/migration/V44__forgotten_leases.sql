-- Rows of leases that nobody has had for long are removed: programs that call them by users or jobs would fill the table for ever. A
-- token of that name that is given later is larger all the same: larger than all that were removed.
create table tutti.lease_sweep (
    token bigint      not null, -- the largest one that was removed
    at    timestamptz not null  -- when all were removed that could be
);

insert into tutti.lease_sweep values (0, '-infinity');

-- By which those are found that were given long ago. When a lease is renewed or given back no index changes.
create index lease_token on tutti.lease (token);

-- As before, but for names whose rows were removed.
create or replace function tutti.acquire_lease(wanted text, claimant uuid, free_for interval, ttl interval)
        returns table (name text, token bigint, holder uuid, seconds float8)
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    known   tutti.lease;
    removed bigint;
    moment  constant timestamptz := tutti.clock();
    micros  constant bigint := extract(epoch from moment) * 1000000;
begin
    -- whoever waits asks again and again: that costs a look, and locks nothing
    select * into known from tutti.lease l where l.name = wanted;
    if found and known.holder <> claimant and not known.released
            and known.expires > moment and known.expires <= moment + ttl then
        return query
            select known.name, known.token, known.holder, extract(epoch from known.expires - moment)::float8;
        return;
    end if;

    loop
        insert into tutti.lease as l
        values (wanted, micros, claimant,
                case when free_for > interval '0' then moment else moment + ttl end, free_for > interval '0')
        on conflict do nothing
        returning l.* into known;
        if found then
            -- looked at when the row is there: the removal of one before it has been committed then
            select s.token into removed from tutti.lease_sweep s;
            if removed >= known.token then -- the clock was set back
                update tutti.lease l set token = removed + 1 where l.name = wanted returning l.* into known;
            end if;
            exit;
        end if;
        select * into known from tutti.lease l where l.name = wanted for update skip locked;
        if not found then
            select * into known from tutti.lease l where l.name = wanted;
            exit when found; -- else it was removed meanwhile
        else
            if known.expires <= moment - free_for or (known.released and free_for = interval '0') then
                update tutti.lease l
                set token = greatest(l.token + 1, micros), holder = claimant, expires = moment + ttl, released = false
                where l.name = wanted
                returning l.* into known;
            elsif known.expires > moment + ttl then -- the clock was set back
                update tutti.lease l
                set expires = case when l.released then moment else moment + ttl end
                where l.name = wanted
                returning l.* into known;
            elsif known.holder = claimant and not known.released and known.expires > moment then
                update tutti.lease l set expires = moment + ttl where l.name = wanted returning l.* into known;
            end if;
            exit;
        end if;
    end loop;
    return query
        select known.name, known.token, known.holder,
               case when known.expires > moment and not known.released
                    then extract(epoch from known.expires - moment)::float8 else 0 end;
end
$$;

-- Removes leases that nobody has had for so long, at most so many: once a minute, or at once again while there are more. Answers how many.
-- A row that is locked stays: something takes effect under it, or somebody is given it.
create function tutti.forget_leases(age interval, most int) returns int
    language plpgsql
    set search_path = pg_catalog, pg_temp
    as $$
declare
    moment  constant timestamptz := tutti.clock();
    oldest  constant timestamptz := moment - age;
    gone    int;
    largest bigint;
begin
    perform from tutti.lease_sweep s
    where s.at <= moment - interval '1 minute' or s.at > moment
    for no key update skip locked;
    if not found then
        return 0;
    end if;
    with old as (
        select l.name from tutti.lease l
        where l.token < (extract(epoch from oldest) * 1000000)::bigint and l.expires < oldest
        order by l.token
        limit most
        for update skip locked),
    removed as (
        delete from tutti.lease l using old o where l.name = o.name returning l.token)
    select count(*), max(r.token) into gone, largest from removed r;
    update tutti.lease_sweep s
    set token = greatest(s.token, largest), at = case when gone < most then moment else s.at end;
    return gone;
end
$$;
