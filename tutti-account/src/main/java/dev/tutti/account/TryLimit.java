package dev.tutti.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * A number of tries per key, and that many more a minute. Remembers the 100,000 keys that tried last; a forgotten one
 * begins anew. Safe for use by many threads.
 */
final class TryLimit {
    private static final int MAX_KEYS = 100_000;

    private final Cache<String, Bucket> buckets;
    private final Ticker ticker;
    private final int perMinute;

    TryLimit(int perMinute, Ticker ticker) {
        this.perMinute = perMinute;
        this.ticker = ticker;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                .expireAfterAccess(Duration.ofMinutes(2)) // full again by then
                .ticker(ticker)
                .build();
    }

    /** Takes a try, or throws {@link ErrorCode#RATE_LIMITED} with the time until there is one. */
    void take(String key) {
        ConsumptionProbe probe = buckets.get(key, _ -> bucket()).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw new TuttiException(
                    ErrorCode.RATE_LIMITED,
                    "too many tries; wait before the next one",
                    Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    /** Gives a try back that was none. */
    void giveBack(String key) {
        Bucket bucket = buckets.getIfPresent(key);
        if (bucket != null) {
            bucket.addTokens(1);
        }
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                .withCustomTimePrecision(new TimeMeter() {
                    @Override
                    public long currentTimeNanos() {
                        return ticker.read();
                    }

                    @Override
                    public boolean isWallClockBased() {
                        return false;
                    }
                })
                .build();
    }
}
