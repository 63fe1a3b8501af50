select l.name, l.token, l.holder,
    case when l.expires > tutti.clock() and not l.released
         then extract(epoch from l.expires - tutti.clock())::float8 else 0 end as seconds
from tutti.lease l
where l.name = :name
