-- Buckets of tokens that are not full. Written at each request that is limited, so it is not logged: a crash of this server, and a
-- standby that takes over, make all of them full.
create unlogged table tutti.rate_limit (
    bucket  text   primary key,
    full_at bigint not null -- microseconds since 1970 of this server's clock
) with (fillfactor = 50);

-- Takes as many of the wanted tokens as a bucket has, which is one of so many when it is full and gets one more at each step, in
-- microseconds; gives back if wanted is below 0. Answers how many, and the microseconds until it is full. A bucket that has none
-- is not written.
create function tutti.take_tokens(name text, wanted bigint, burst bigint, step bigint)
        returns table (granted bigint, missing bigint)
    language plpgsql
    as $$
declare
    held   bigint;
    moment bigint;
begin
    loop
        select r.full_at into held from tutti.rate_limit r where r.bucket = name for update;
        exit when found;
        insert into tutti.rate_limit as r values (name, 0) on conflict do nothing returning r.full_at into held;
        exit when found;
    end loop;
    moment := extract(epoch from tutti.clock()) * 1000000; -- after the wait for the row
    missing := least(greatest(held - moment, 0), burst * step);
    granted := least(wanted, (burst * step - missing) / step);
    if granted <> 0 then
        missing := greatest(missing + granted * step, 0);
        update tutti.rate_limit r set full_at = moment + missing where r.bucket = name;
    end if;
    return next;
end
$$;
