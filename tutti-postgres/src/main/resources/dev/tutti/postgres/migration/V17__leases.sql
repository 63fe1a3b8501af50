-- Who has which lease, by this server's clock. A row stays when its lease is given back: the token must go on growing.
create table tutti.lease (
    name     text        primary key,
    token    bigint      not null,
    holder   uuid        not null,
    expires  timestamptz not null,               -- when its time is over, or was
    released boolean     not null default false, -- given back: nobody has it, and it cannot be renewed
    unique (name, token)                         -- which makes the token a key, see tutti.acquire_lease
) with (fillfactor = 50);

-- Gives a lease to a claimant if nobody has it, or has had it for so long, and says who has it now.
--
-- A transaction that takes effect under a lease holds its row FOR KEY SHARE. That lets the holder renew, which changes no key,
-- and keeps everybody from giving the lease away, which changes one: such a row is passed over here, whatever its time.
--
-- The token is the time in microseconds, or the next number if that is not larger: so it grows also when this database was
-- restored from a backup, and when the clock was set back.
create function tutti.acquire_lease(wanted text, claimant uuid, free_for interval, ttl interval)
        returns table (name text, token bigint, holder uuid, seconds float8)
    language plpgsql
    as $$
declare
    known  tutti.lease;
    moment constant timestamptz := tutti.clock();
    micros constant bigint := extract(epoch from moment) * 1000000;
begin
    -- whoever waits asks again and again: that costs a look, and locks nothing
    select * into known from tutti.lease l where l.name = wanted;
    if found and known.holder <> claimant and not known.released
            and known.expires > moment and known.expires <= moment + ttl then
        return query
            select known.name, known.token, known.holder, extract(epoch from known.expires - moment)::float8;
        return;
    end if;

    insert into tutti.lease as l
    values (wanted, micros, claimant,
            case when free_for > interval '0' then moment else moment + ttl end, free_for > interval '0')
    on conflict do nothing
    returning l.* into known;
    if not found then
        select * into known from tutti.lease l where l.name = wanted for update skip locked;
        if not found then
            select * into known from tutti.lease l where l.name = wanted;
        elsif known.expires <= moment - free_for or (known.released and free_for = interval '0') then
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
    end if;
    return query
        select known.name, known.token, known.holder,
               case when known.expires > moment and not known.released
                    then extract(epoch from known.expires - moment)::float8 else 0 end;
end
$$;
