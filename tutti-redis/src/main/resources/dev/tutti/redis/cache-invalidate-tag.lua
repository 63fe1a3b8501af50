-- KEYS: marks. ARGV: tag. Gives the clock. A tag that does not fit among those that are told apart is about all values.
local now = clock(KEYS[1]) + 1
if redis.call('HLEN', KEYS[1]) >= MOST_TAGS then
  all_changed(KEYS[1], now)
else
  redis.call('HSET', KEYS[1], 'clock', text(now), 'tag:' .. ARGV[1], text(now))
  redis.call('PEXPIRE', KEYS[1], MARKS_LAST)
end
return {now}
