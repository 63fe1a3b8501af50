package dev.tutti.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Stores the values of caches, as bytes, for all instances: the second level. It may forget any value at any time.
 *
 * <p>Its clock advances with each invalidation. A reader that misses a value gets the time as a token, and writes the loaded value with
 * this token. The store refuses the value if it was invalidated in between, so no load that began before a change is stored after it. This
 * also holds after the store has forgotten everything.
 *
 * <p>No call blocks. If the store is unavailable, the stage fails. The request may have been executed then, and can be repeated. Names,
 * keys and tags have the form that {@link Caches} and {@link Cache} allow. Safe for use by many threads.
 */
public interface CacheStore {
    /** The largest value, in bytes. */
    int MAX_VALUE = 2 * 1024 * 1024;

    /**
     * The result of {@link #read}.
     *
     * @param token the time, for {@link #write}
     * @param value the stored value; empty if there is none, or it has expired or was invalidated
     */
    record Found(long token, Optional<Kept> value) {}

    /**
     * A stored value.
     *
     * @param age the time since it was stored
     * @param left the time until it expires
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Kept(byte[] bytes, Duration age, Duration left) {}

    /**
     * A value to store.
     *
     * @param bytes at most {@link #MAX_VALUE}
     * @param tags at most {@link Loaded#MAX_TAGS}
     * @param ttl the time until it expires, at least a millisecond
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Fresh(byte[] bytes, Set<String> tags, Duration ttl) {
        public Fresh {
            tags = Set.copyOf(tags);
        }
    }

    /** Looks up {@code key}. */
    CompletionStage<Found> read(String cache, String key);

    /**
     * Stores {@code value}, unless its key, one of its tags, or the whole cache was invalidated after {@code token} was given, or a newer
     * value was written.
     *
     * @return whether it was stored
     */
    CompletionStage<Boolean> write(String cache, String key, long token, Fresh value);

    /**
     * Drops the value of {@code key}, and refuses values that are written with an older token.
     *
     * @param memory the time for which older tokens may still be used
     * @return a token that is not older
     */
    CompletionStage<Long> invalidate(String cache, String key, Duration memory);

    /** Drops all values with {@code tag}, and refuses values with this tag that are written with an older token. */
    CompletionStage<Void> invalidateTag(String cache, String tag);

    /** Drops all values of {@code cache}, and refuses values that are written with an older token. */
    CompletionStage<Void> invalidateAll(String cache);
}
