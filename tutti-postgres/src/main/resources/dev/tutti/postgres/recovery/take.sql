update tutti.continuation
set owner = :owner, claim = claim + 1, lost = null, orphaned = false
where key = :key and (lost is null or lost >= tutti.clock() - make_interval(secs => :window))
returning claim, state
