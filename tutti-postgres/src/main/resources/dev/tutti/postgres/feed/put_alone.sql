-- As put, in a transaction of its own, which does not wait for long for another one that has published the feed and goes on.
with patience as materialized (select set_config('lock_timeout', '1s', true) as set)
select f.accepted, f.held
from patience p
cross join lateral tutti.put_feed(
    :key, :version, case when p.set is not null then nullif(:value, ''::bytea) end, :instance) f
