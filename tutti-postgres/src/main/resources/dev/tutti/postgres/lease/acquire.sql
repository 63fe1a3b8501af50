select a.name, a.token, a.holder, a.seconds
from unnest(:names, :claimants, :free) with ordinality as c (name, claimant, free, place),
    lateral tutti.acquire_lease(
        c.name, c.claimant::uuid, make_interval(secs => c.free), make_interval(secs => :ttl)) a
order by c.place
