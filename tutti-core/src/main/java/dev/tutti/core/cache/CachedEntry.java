package dev.tutti.core.cache;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A value that is kept.
 *
 * @param weight in bytes
 * @param ttl for how long, in nanoseconds
 * @param refreshAt when it is loaded anew, on the ticker
 */
record CachedEntry<V>(Optional<V> value, Set<String> tags, int weight, long ttl, AtomicLong refreshAt) {
    /** Whether it is to be loaded anew at {@code now}; true once in {@code every} nanoseconds. */
    boolean isDue(long now, long every) {
        long due = refreshAt.get();
        return every > 0 && now - due >= 0 && refreshAt.compareAndSet(due, now + every);
    }
}
