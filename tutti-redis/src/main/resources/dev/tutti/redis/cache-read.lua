-- KEYS: value, marks. Gives the clock and, if there is a value that is still good, its bytes, its age and what is left of its
-- time (ms).
local now = clock(KEYS[2])
local value = redis.call('HMGET', KEYS[1], 'at', 'bytes', 'ttl', 'tags')
if not value[2] then
  return {now}
end
local at = tonumber(value[1])
if at > now or at < tonumber(redis.call('HGET', KEYS[2], 'all')) then
  return {now}
end
for number = 1, tonumber(value[4]) do
  if is_old(KEYS[2], redis.call('HGET', KEYS[1], 'tag' .. number), at) then
    return {now}
  end
end
local left = redis.call('PTTL', KEYS[1])
return {now, value[2], tonumber(value[3]) - left, left}
