package dev.tutti.cache;

import java.time.Duration;

/**
 * The settings of one cache. Immutable.
 *
 * @param ttl how long a value is kept, 1 ms to 30 days. Each value is kept for up to a tenth less, at random, so that values do not all
 *     expire at once
 * @param negativeTtl the same for the result "there is no such value"; zero if this result is not kept
 * @param refreshAfter the age at which a value is loaded again in the background when it is requested; callers get the old value meanwhile.
 *     Zero for never, or 1 ms to 30 days
 * @param loadTimeout how long a loader may take, and how long a caller waits for the load of another instance, 10 ms to 10 minutes. After
 *     half of it, a silent loader at another instance is replaced
 * @param maxEntries how many values an instance keeps, 1 to 10 million
 * @param maxBytes how many bytes an instance keeps, as JSON and with keys, 1 KiB to 16 GiB. A value counts at least {@code maxBytes /
 *     maxEntries} bytes
 */
public record CacheSettings(
        Duration ttl,
        Duration negativeTtl,
        Duration refreshAfter,
        Duration loadTimeout,
        long maxEntries,
        long maxBytes) {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Duration SHORTEST_LOAD = Duration.ofMillis(10);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(10);
    private static final long MOST_ENTRIES = 10_000_000;
    private static final long FEWEST_BYTES = 1_024;
    private static final long MOST_BYTES = 16L * 1024 * 1024 * 1024;

    /** Kept for 5 minutes, and for 30 s if there is no such value; never refreshed; 10 s to load; 10,000 values and 16 MiB in all. */
    public static final CacheSettings DEFAULT = new CacheSettings(
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            Duration.ZERO,
            Duration.ofSeconds(10),
            10_000,
            16 * 1024 * 1024);

    public CacheSettings {
        checkTtl(ttl);
        check("negativeTtl", negativeTtl, SHORTEST, LONGEST, true);
        check("refreshAfter", refreshAfter, SHORTEST, LONGEST, true);
        check("loadTimeout", loadTimeout, SHORTEST_LOAD, LONGEST_LOAD, false);
        check("maxEntries", maxEntries, 1, MOST_ENTRIES);
        check("maxBytes", maxBytes, FEWEST_BYTES, MOST_BYTES);
    }

    static void checkTtl(Duration ttl) {
        check("ttl", ttl, SHORTEST, LONGEST, false);
    }

    private static void check(String name, Duration value, Duration least, Duration most, boolean orZero) {
        boolean inBounds = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
        if (!inBounds && !(orZero && value.isZero())) {
            throw new IllegalArgumentException(
                    name + " is " + value + "; allowed are " + (orZero ? "PT0S and " : "") + least + " to " + most);
        }
    }

    private static void check(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are " + least + " to " + most);
        }
    }

    /** The same with another ttl. */
    public CacheSettings withTtl(Duration ttl) {
        return new CacheSettings(ttl, negativeTtl, refreshAfter, loadTimeout, maxEntries, maxBytes);
    }

    /** The same with another ttl of "there is no such value"; zero if that is not kept. */
    public CacheSettings withNegativeTtl(Duration negativeTtl) {
        return new CacheSettings(ttl, negativeTtl, refreshAfter, loadTimeout, maxEntries, maxBytes);
    }

    /** The same with another age at which values are loaded anew; zero for never. */
    public CacheSettings withRefreshAfter(Duration refreshAfter) {
        return new CacheSettings(ttl, negativeTtl, refreshAfter, loadTimeout, maxEntries, maxBytes);
    }

    /** The same with another time to load. */
    public CacheSettings withLoadTimeout(Duration loadTimeout) {
        return new CacheSettings(ttl, negativeTtl, refreshAfter, loadTimeout, maxEntries, maxBytes);
    }

    /** The same with another number of values. */
    public CacheSettings withMaxEntries(long maxEntries) {
        return new CacheSettings(ttl, negativeTtl, refreshAfter, loadTimeout, maxEntries, maxBytes);
    }

    /** The same with another size. */
    public CacheSettings withMaxBytes(long maxBytes) {
        return new CacheSettings(ttl, negativeTtl, refreshAfter, loadTimeout, maxEntries, maxBytes);
    }
}
