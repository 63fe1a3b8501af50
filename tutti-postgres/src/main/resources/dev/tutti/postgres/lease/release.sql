update tutti.lease l
set expires = tutti.clock(), released = true
from unnest(:names, :tokens) as g (name, token)
where l.name = g.name and l.token = g.token::bigint and not l.released
