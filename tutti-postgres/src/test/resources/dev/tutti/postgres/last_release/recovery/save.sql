update tutti.continuation set owner = :owner, state = :state where key = :key and claim = :claim
