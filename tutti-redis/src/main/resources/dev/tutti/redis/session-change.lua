-- ARGV: ttl (ms), how many names at most, how many bytes at most, how many names follow to be removed, these, and names and values to
-- be set in turn. Gives 1, or 0 if there would be too many; then nothing has changed.
local first = 5 + tonumber(ARGV[4])
local touched, names, bytes = {}, 0, 0
for at = 5, first - 1 do
  touched[ARGV[at]] = true
end
for at = first, #ARGV, 2 do
  touched[ARGV[at]] = true
  names = names + 1
  bytes = bytes + #ARGV[at] + #ARGV[at + 1]
end
local there = redis.call('HGETALL', KEYS[1])
for at = 1, #there, 2 do
  if not touched[there[at]] then
    names = names + 1
    bytes = bytes + #there[at] + #there[at + 1]
  end
end
if first <= #ARGV and (names > tonumber(ARGV[2]) or bytes > tonumber(ARGV[3])) then
  return {0}
end
for at = 5, first - 1 do
  redis.call('HDEL', KEYS[1], ARGV[at])
end
for at = first, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {1}
