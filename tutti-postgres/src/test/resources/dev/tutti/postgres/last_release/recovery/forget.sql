delete from tutti.continuation where key = :key and claim = :claim
