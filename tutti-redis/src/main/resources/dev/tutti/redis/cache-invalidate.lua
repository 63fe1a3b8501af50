-- KEYS: value, marks. ARGV: for how long it is known that the value has changed (ms). Gives the clock.
local now = clock(KEYS[2]) + 1
redis.call('HSET', KEYS[2], 'clock', text(now))
redis.call('PEXPIRE', KEYS[2], MARKS_LAST)
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'gone', text(now))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {now}
