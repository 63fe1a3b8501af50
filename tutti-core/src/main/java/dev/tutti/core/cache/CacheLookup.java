package dev.tutti.core.cache;

import java.time.Duration;

/**
 * A value that was loaded, handed over, or found in the second level.
 *
 * @param age for how long it has been kept there
 * @param left for how long it may be kept
 */
record CacheLookup<V>(Content<V> content, Duration age, Duration left) {
    private static final Duration ENDLESS = Duration.ofDays(1_000);
    private static final Duration NEW = Duration.ofSeconds(1);

    /** One that was loaded just now. */
    static <V> CacheLookup<V> now(Content<V> content) {
        return new CacheLookup<>(content, Duration.ZERO, ENDLESS);
    }

    /** Whether others may keep it as long as one that was loaded just now. */
    boolean isNew() {
        return age.compareTo(NEW) <= 0;
    }
}
