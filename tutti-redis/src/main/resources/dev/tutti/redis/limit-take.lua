-- Takes as many of the wanted tokens as a bucket has, which is one of so many when it is full and gets one more at each step, in
-- microseconds of this server's clock; gives back if wanted is below 0. Answers how many, and the microseconds until it is full.
-- The value of the key is the time at which the bucket is full; without a key it is. A bucket that has none is not written, unless
-- it was filled by a clock that has been set back since.
local wanted, burst, step = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local full = tonumber(redis.call('GET', KEYS[1]) or '0')
local missing = math.min(math.max(full - now, 0), burst * step)
local granted = math.min(wanted, math.floor((burst * step - missing) / step))
if granted ~= 0 or full - now > burst * step then
  missing = math.max(missing + granted * step, 0)
  -- a second more than it needs: the key's end goes by a clock that may be set
  redis.call('SET', KEYS[1], string.format('%.0f', now + missing), 'PX', string.format('%.0f', missing / 1000 + 1000))
end
return {granted, missing}
