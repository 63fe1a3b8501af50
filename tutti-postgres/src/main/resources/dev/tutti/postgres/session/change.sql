select tutti.change_session(
    :part, :names, :keys, :contents, :removed, :most, :most_bytes, :ttl * interval '1 millisecond')
