update tutti.continuation set lost = tutti.clock(), orphaned = true where lost is null and owner <> all (:alive::uuid[])
