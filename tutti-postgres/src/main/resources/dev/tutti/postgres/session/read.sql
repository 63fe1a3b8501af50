select name, value from tutti.read_session(:part, :names, :ttl * interval '1 millisecond')
