package dev.tutti.cache;

import java.time.Duration;
import java.util.Optional;

/**
 * Values by key. Each instance keeps its own; a value that several miss at the same time is loaded once for all of them, as
 * far as they reach each other. Safe for use by many threads.
 *
 * <p>The value of a key that is invalidated, or put, is dropped at the other instances as soon as they hear of it. A load that
 * was under way is not kept then, and is given to nobody who asked after that. Invalidate after the change was committed.
 *
 * @param <V> a value; it must not be changed, as all callers share it
 */
public interface Cache<V> {
    /** The longest key, and the longest tag, in characters; the shortest has one. Neither has half of a surrogate pair. */
    int MAX_KEY = 500;

    /**
     * The value of {@code key}; if it is not kept here, {@code loader} loads it, or what another caller is loading is
     * waited for. Blocks, for twice the {@link CacheSettings#loadTimeout} at most; meant for virtual threads. The loader runs
     * on a virtual thread of its own, which is interrupted when it is late.
     *
     * @return empty if there is no such value
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the loader threw a checked exception,
     *     which is the cause; with {@link dev.tutti.ErrorCode#TIMEOUT} if it was late; with {@link
     *     dev.tutti.ErrorCode#OVERLOADED} if very many loads are under way here; with {@link
     *     dev.tutti.ErrorCode#GOING_AWAY} if the instance is closed; with {@link dev.tutti.ErrorCode#INTERNAL} if the value
     *     cannot be written as JSON. Unchecked exceptions and errors of the loader come out as
     *     they are. Nothing of a failure is kept
     * @throws IllegalArgumentException if the key is not allowed
     */
    Optional<V> get(String key, Loader<V> loader) throws InterruptedException;

    /** The value of {@code key}, if it is kept here. Never blocks. */
    Optional<V> getIfPresent(String key);

    /**
     * Keeps {@code value} at this instance, and drops what others have of {@code key}. Never blocks.
     *
     * @throws IllegalArgumentException if key or tags are not allowed
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#INTERNAL} if the value cannot be written as JSON
     */
    void put(String key, Loaded<V> value);

    /** As above, without tags. */
    default void put(String key, V value) {
        put(key, Loaded.of(value));
    }

    /** As above, for {@code ttl} instead of what the settings say. */
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
     * Drops all values with {@code tag} at all instances. Looks at every value that is kept; never blocks.
     *
     * @throws IllegalArgumentException if the tag is not allowed
     */
    void invalidateTag(String tag);

    /** Drops all values at all instances. Never blocks. */
    void invalidateAll();

    /**
     * Looks at a key or tag. Half of a surrogate pair is not allowed: in UTF-8, by which other instances hear of it, it would be the
     * same as other texts.
     *
     * @throws IllegalArgumentException if it is not allowed; the message says that it is {@code what}
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
