-- KEYS: value, marks. ARGV: token, ttl (ms), bytes, tags. Gives 1 if the value is kept.
local now = clock(KEYS[2])
local token = tonumber(ARGV[1])
if token > now or token < tonumber(redis.call('HGET', KEYS[2], 'all')) then
  return {0}
end
local there = redis.call('HMGET', KEYS[1], 'at', 'gone')
if (there[1] and tonumber(there[1]) > token) or (there[2] and tonumber(there[2]) > token) then
  return {0}
end
for number = 4, #ARGV do
  if is_old(KEYS[2], ARGV[number], token) then
    return {0}
  end
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'at', ARGV[1], 'ttl', ARGV[2], 'bytes', ARGV[3], 'tags', #ARGV - 3)
for number = 4, #ARGV do
  redis.call('HSET', KEYS[1], 'tag' .. (number - 3), ARGV[number])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], MARKS_LAST)
return {1}
