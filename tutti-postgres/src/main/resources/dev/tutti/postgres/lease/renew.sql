update tutti.lease l
set expires = tutti.clock() + make_interval(secs => :ttl)
from unnest(:names, :tokens) as g (name, token)
where l.name = g.name and l.token = g.token::bigint and not l.released
returning l.name, l.token
