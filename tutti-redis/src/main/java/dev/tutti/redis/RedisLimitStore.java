package dev.tutti.redis;

import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import java.time.Duration;
import java.util.List;

/**
 * Rate limits on Redis, by the server's clock: one script takes. Each bucket is a key of its own, which ends when it is full. Safe
 * for use by many threads; blocks for a second at most.
 */
final class RedisLimitStore extends RedisStore implements LimitStore {
    private static final RedisScript TAKE = RedisScript.of("limit-take.lua");

    RedisLimitStore(RedisSettings settings, Duration firstTry) {
        super(settings, "limit", RedisUse.LIMITS, firstTry);
    }

    @Override
    public Taken take(String bucket, RateLimit limit, long wanted) {
        List<Object> answer = answer(
                TAKE, new String[] {key(bucket)}, bytes(wanted), bytes(limit.burst()), bytes(limit.stepMicros()));
        return limit.taken((Long) answer.get(0), (Long) answer.get(1));
    }
}
