package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.RateLimiter;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import java.time.Duration;

/**
 * A number of attempts per key, and that many more a minute or a day. Safe for use by many threads; blocks, for half a
 * second at most.
 */
final class AttemptLimit {
    /** As fast as tokens come back to any bucket; a larger number of attempts is there at once, and comes back no faster. */
    private static final int MOST_PER_MINUTE = 600_000;

    private final RateLimiter limiter;

    /** Attempts that are counted under {@code name}. */
    AttemptLimit(String name, int perMinute, RateLimits limits) {
        this(limits.limiter(name, limit(perMinute)));
    }

    private AttemptLimit(RateLimiter limiter) {
        this.limiter = limiter;
    }

    private static RateLimit limit(int perMinute) {
        return new RateLimit(Math.min(perMinute, MOST_PER_MINUTE), Duration.ofMinutes(1), perMinute);
    }

    /** Attempts by network address, as of {@link RateLimits#byAddress}, that are counted under {@code name}. */
    static AttemptLimit byAddress(String name, int perMinute, RateLimits limits) {
        return new AttemptLimit(limits.byAddress(name, limit(perMinute)));
    }

    /** The same, {@code count} of them, of which as many come back in a day. */
    static AttemptLimit perDay(String name, int count, RateLimits limits) {
        return new AttemptLimit(limits.byAddress(name, RateLimit.of(count, Duration.ofDays(1))));
    }

    /** Takes a try, or throws {@link ErrorCode#RATE_LIMITED} with the time until there is one. */
    void take(String key) {
        Taken taken = limiter.take(key);
        if (!taken.isAllowed()) {
            throw new TuttiException(
                    ErrorCode.RATE_LIMITED, "too many tries; wait before the next one", taken.untilNext());
        }
    }

    /** Gives a try back that was none. */
    void giveBack(String key) {
        limiter.giveBack(key);
    }
}
