-- Before each script. KEYS: a session by the current secret, then by the others that are accepted. A session that is there under
-- another one is moved to the first, so that instances with different current secrets find the same attributes.
for number = 2, #KEYS do
  if redis.call('EXISTS', KEYS[number]) == 1 then
    if redis.call('EXISTS', KEYS[1]) == 0 then
      redis.call('RENAME', KEYS[number], KEYS[1])
    else -- written by an instance that did not accept both
      local other = redis.call('HGETALL', KEYS[number])
      for at = 1, #other, 2 do
        redis.call('HSETNX', KEYS[1], other[at], other[at + 1])
      end
      redis.call('DEL', KEYS[number])
    end
  end
end
