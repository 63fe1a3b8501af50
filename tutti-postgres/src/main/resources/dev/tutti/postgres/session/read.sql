select name, value from tutti.read_session(:part, :names, :ttl::float8 * interval '1 millisecond')
