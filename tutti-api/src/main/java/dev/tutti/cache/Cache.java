package dev.tutti.cache;

import java.time.Duration;
import java.util.Optional;

/**
 * Cached values by key. Each instance keeps its own values. When several instances miss a value at the same time, it is loaded once for all
 * of them, as long as they can reach each other. Safe for use by many threads.
 *
 * <p>When a key is invalidated or put, the other instances drop its value as soon as they get the message. The result of a load that was
 * under way at that moment is not kept, and callers that ask later do not get it. Invalidate after the change was committed.
 *
 * @param <V> the type of the values; all callers share a value, so it must not be changed
 */
public interface Cache<V> {
    /** The longest key or tag, in characters. Keys and tags have at least one character, and no unpaired surrogate. */
    int MAX_KEY = 500;

    /**
     * The value of {@code key}. If this instance has no value, the method calls {@code loader}, or waits for the value that another caller
     * is loading. Blocks for at most twice the {@link CacheSettings#loadTimeout}; meant for virtual threads. The loader runs on a virtual
     * thread of its own, which is interrupted after the time-out.
     *
     * @return empty if there is no such value
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the loader threw a checked exception, which is the
     *     cause; with {@link dev.tutti.ErrorCode#TIMEOUT} if the loader took too long; with {@link dev.tutti.ErrorCode#OVERLOADED} if too
     *     many loads are under way at this instance; with {@link dev.tutti.ErrorCode#GOING_AWAY} if the instance is closed; with {@link
     *     dev.tutti.ErrorCode#INTERNAL} if the value cannot be written as JSON. Unchecked exceptions and errors of the loader are thrown as
     *     they are. Failures are not cached
     * @throws IllegalArgumentException if the key is not allowed
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    Optional<V> get(String key, Loader<V> loader) throws InterruptedException;

    /** The value of {@code key}, if this instance has it. Never blocks. */
    Optional<V> getIfPresent(String key);

    /**
     * Keeps {@code value} at this instance, and drops the value of {@code key} at the others. Never blocks.
     *
     * @throws IllegalArgumentException if key or tags are not allowed
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#INTERNAL} if the value cannot be written as JSON
     */
    void put(String key, Loaded<V> value);

    /** As above, without tags. */
    default void put(String key, V value) {
        put(key, Loaded.of(value));
    }

    /** As above, kept for {@code ttl} instead of the {@link CacheSettings#ttl}. */
    default void put(String key, V value, Duration ttl) {
        put(key, Loaded.of(value).lasting(ttl));
    }

    /**
     * Drops the value of {@code key} at all instances. Never blocks.
     *
     * @throws IllegalArgumentException if the key is not allowed
     */
    void invalidate(String key);

    /**
     * Drops all values with {@code tag} at all instances. The cost grows with the number of cached values. Never blocks.
     *
     * @throws IllegalArgumentException if the tag is not allowed
     */
    void invalidateTag(String tag);

    /** Drops all values at all instances. Never blocks. */
    void invalidateAll();

    /**
     * Checks a key or tag. An unpaired surrogate is not allowed: keys are sent to other instances in UTF-8, where all unpaired surrogates
     * look the same.
     *
     * @param what "key" or "tag", for the message
     * @throws IllegalArgumentException if {@code text} is not allowed
     */
    static void check(String what, String text) {
        boolean halfAPair =
                text.codePoints().anyMatch(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE);
        if (text.isEmpty() || text.length() > MAX_KEY || halfAPair) {
            throw new IllegalArgumentException(what + " '" + text + "'; allowed are 1 to " + MAX_KEY
                    + " characters, and no half of a surrogate pair");
        }
    }
}
