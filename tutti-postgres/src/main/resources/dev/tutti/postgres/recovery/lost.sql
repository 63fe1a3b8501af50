update tutti.continuation c
set lost = tutti.clock(), orphaned = false
from unnest(:keys::text[], :claims::bigint[]) as gone (key, claim)
where c.key = gone.key and c.claim = gone.claim
