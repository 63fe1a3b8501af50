package dev.tutti.edge.flow;

import java.time.Duration;

/**
 * A token bucket of messages: how many one connection may still send. Pure: the caller says what time it is. Not safe for use by several
 * threads.
 */
public final class TokenBucket {
    /**
     * How many messages are allowed.
     *
     * @param perSecond in the long run, at least 1
     * @param burst at once, at least 1
     */
    public record Rate(int perSecond, int burst) {
        public Rate {
            if (perSecond < 1 || burst < 1) {
                throw new IllegalArgumentException("message rate is " + perSecond + " per second with bursts of "
                        + burst + "; both must be at least 1");
            }
        }
    }

    private static final long SECOND = 1_000_000_000L;

    private final long nanosPerToken;
    private final long fullNanos;
    private long emptyAt; // the moment at which, counted back in tokens, the bucket would have been empty

    /** A full bucket at the monotonic time {@code nanoTime}. */
    public TokenBucket(Rate rate, long nanoTime) {
        nanosPerToken = SECOND / rate.perSecond();
        fullNanos = nanosPerToken * rate.burst();
        emptyAt = nanoTime - fullNanos;
    }

    /** Takes a token, if there is one. */
    public boolean take(long nanoTime) {
        emptyAt = Math.max(emptyAt - nanoTime, -fullNanos) + nanoTime;
        if (emptyAt + nanosPerToken - nanoTime > 0) {
            return false;
        }
        emptyAt += nanosPerToken;
        return true;
    }

    /** How long until there is a token; zero if there is one. */
    public Duration pause(long nanoTime) {
        return Duration.ofNanos(Math.max(0, emptyAt + nanosPerToken - nanoTime));
    }
}
