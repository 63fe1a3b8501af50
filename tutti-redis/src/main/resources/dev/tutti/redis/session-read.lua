-- ARGV: ttl (ms). Gives names and values in turn, which are kept for that long from now on.
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('HGETALL', KEYS[1])
