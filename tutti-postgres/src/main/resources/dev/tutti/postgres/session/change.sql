select tutti.change_session(
    :part, :names, :keys, :contents, :removed, :most, :most_bytes, :ttl::float8 * interval '1 millisecond')
