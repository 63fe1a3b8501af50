package dev.tutti.limit;

import java.time.Duration;

/**
 * A rate limit by a token bucket, which is full at first and is refilled at a constant rate. The state of a bucket is one number, the time
 * until it is full again (the "generic cell rate algorithm", ITU-T I.371), so that every store can take tokens in one step. Immutable.
 *
 * @param count the number of tokens that are added in each {@code per}, 1 to 1,000,000; at most 10,000 a second
 * @param per the time in which {@code count} tokens are added, at least a millisecond
 * @param burst the number of tokens in a full bucket, 1 to 1,000,000; an empty bucket must be full again within 50,000 days
 */
public record RateLimit(long count, Duration per, long burst) {
    private static final long MOST = 1_000_000;
    private static final long SHORTEST_STEP = 100;
    private static final long LONGEST = Duration.ofDays(50_000).toSeconds() * 1_000_000;
    private static final long MOST_INSTANCES = 1_000;

    public RateLimit {
        if (count < 1 || count > MOST || burst < 1 || burst > MOST || per.toMillis() < 1) {
            throw new IllegalArgumentException("a rate of " + count + " per " + per + " with bursts of " + burst
                    + "; allowed are 1 to " + MOST + " tokens, and a millisecond and more");
        }
        long step = Math.ceilDiv(micros(per), count);
        if (step < SHORTEST_STEP || step > LONGEST / burst) {
            throw new IllegalArgumentException("a rate of " + count + " per " + per + " with bursts of " + burst
                    + "; allowed are 10000 tokens a second, and 50000 days until a bucket is full");
        }
    }

    /** A limit of {@code count} tokens in each {@code per}, with a bucket of {@code count}. */
    public static RateLimit of(long count, Duration per) {
        return new RateLimit(count, per, count);
    }

    /** The time between two tokens in microseconds, rounded up, so that the rate is never exceeded. */
    public long stepMicros() {
        return Math.ceilDiv(micros(per), count);
    }

    /**
     * Takes tokens from a bucket.
     *
     * @param missing microseconds until the bucket is full; more than the time of an empty bucket counts as empty
     * @param wanted the number of tokens to take; a negative number gives tokens back
     */
    public Taken take(long missing, long wanted) {
        long step = stepMicros();
        long now = Math.clamp(missing, 0, burst * step);
        long granted = Math.min(wanted, (burst * step - now) / step);
        return taken(granted, Math.max(0, now + granted * step));
    }

    /** The result of taking {@code granted} tokens from a bucket that needs {@code missing} microseconds to be full then. */
    public Taken taken(long granted, long missing) {
        long step = stepMicros();
        return new Taken(
                granted,
                (burst * step - missing) / step,
                duration(Math.max(0, missing - (burst - 1) * step)),
                duration(missing));
    }

    /**
     * The share of each of {@code instances}: if each enforces it alone, all together do not exceed this limit. It is at least one token.
     */
    public RateLimit share(int instances) {
        long parts = Math.clamp(instances, 1, MOST_INSTANCES);
        return new RateLimit(count, per.multipliedBy(parts), Math.max(1, burst / parts));
    }

    /**
     * A limit with {@code n} times the tokens in the same time, and {@code n} times the burst, {@code n} at least 1; capped at the largest
     * limit.
     */
    public RateLimit times(int n) {
        if (n < 1) {
            throw new IllegalArgumentException(n + " times a rate; allowed are 1 and more");
        }
        long more = Math.min(count * n, Math.min(MOST, micros(per) / SHORTEST_STEP));
        long step = Math.ceilDiv(micros(per), more);
        return new RateLimit(more, per, Math.min(burst * n, Math.min(MOST, LONGEST / step)));
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private static Duration duration(long micros) {
        return Duration.ofNanos(micros * 1_000);
    }
}
