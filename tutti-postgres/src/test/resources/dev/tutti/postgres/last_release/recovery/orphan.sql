update tutti.continuation set lost = tutti.clock() where lost is null and owner <> all (:alive::uuid[])
