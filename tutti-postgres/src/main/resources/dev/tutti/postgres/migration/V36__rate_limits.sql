-- As before; a bucket that would be full later than an empty one was filled by a clock that has been set back since. It is
-- written even if it has no token, or nobody would get one before that clock's time has come again.
create or replace function tutti.take_tokens(name text, wanted bigint, burst bigint, step bigint)
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
    if granted <> 0 or held - moment > burst * step then
        missing := greatest(missing + granted * step, 0);
        update tutti.rate_limit r set full_at = moment + missing where r.bucket = name;
    end if;
    return next;
end
$$;
