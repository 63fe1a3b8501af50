-- Hints need not survive a crash of the server, so that nobody waits for its disk.
with quick as materialized (select set_config('synchronous_commit', 'off', true))
select pg_notify(n.channel, n.payload)
from quick, unnest(:channels, :payloads) with ordinality as n (channel, payload, place)
order by n.place
