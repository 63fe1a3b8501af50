update tutti.continuation set owner = :now, lost = null where owner = :before
