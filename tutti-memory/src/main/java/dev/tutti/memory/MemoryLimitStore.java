package dev.tutti.memory;

import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rate limits in the memory of this process. Keeps the {@value #MAX_BUCKETS} buckets that were used last. Safe for use by many
 * threads.
 */
final class MemoryLimitStore implements LimitStore {
    private static final int MAX_BUCKETS = 100_000;
    private static final float LOAD = 0.75f;

    private final Clock clock;

    /** When each is full again; guarded by this. */
    private final Map<String, Instant> fullAt = new LinkedHashMap<>(16, LOAD, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MAX_BUCKETS;
        }
    };

    MemoryLimitStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Taken take(String bucket, RateLimit limit, long wanted) {
        Instant now = clock.instant();
        long missing = ChronoUnit.MICROS.between(now, fullAt.getOrDefault(bucket, now));
        Taken taken = limit.take(missing, wanted);
        fullAt.put(bucket, now.plus(taken.untilFull()));
        return taken;
    }
}
