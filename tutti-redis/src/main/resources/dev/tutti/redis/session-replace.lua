-- ARGV: name, known value and new value in turn. Gives how many were still as they were known.
local replaced = 0
for at = 1, #ARGV, 3 do
  if redis.call('HGET', KEYS[1], ARGV[at]) == ARGV[at + 1] then
    redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 2])
    replaced = replaced + 1
  end
end
return {replaced}
