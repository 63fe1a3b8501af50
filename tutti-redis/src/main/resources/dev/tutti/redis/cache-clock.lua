-- Before each script. A part of a cache has marks, a hash: the clock, which each invalidation moves on; "all", the time of the
-- last one that was about all values; and for a tag the time of its last one. Where the marks are lost, with the server or
-- because memory was short, the clock begins anew at the time in microseconds, which is later than any before; as everything
-- is invalidated then, no value is good whose marks are gone.
local MARKS_LAST = 40 * 24 * 3600 * 1000 -- ms, longer than any value
local MOST_TAGS = 10000

local function text(number)
  return string.format('%.0f', number)
end

local function all_changed(marks, now)
  redis.call('DEL', marks)
  redis.call('HSET', marks, 'clock', text(now), 'all', text(now))
  redis.call('PEXPIRE', marks, MARKS_LAST)
end

local function clock(marks)
  local now = redis.call('HGET', marks, 'clock')
  if now then
    return tonumber(now)
  end
  local time = redis.call('TIME')
  now = tonumber(time[1]) * 1000000 + tonumber(time[2])
  all_changed(marks, now)
  return now
end

local function is_old(marks, tag, at)
  local mark = redis.call('HGET', marks, 'tag:' .. tag)
  return mark and tonumber(mark) > at
end
