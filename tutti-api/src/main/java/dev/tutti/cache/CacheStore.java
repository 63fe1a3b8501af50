package dev.tutti.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Keeps the values of caches, as bytes, for all instances: the second level. Nothing that must not be lost is in it; it may
 * forget any value at any time.
 *
 * <p>Its clock goes on with each invalidation. A reader that misses a value gets the time as a token, and writes what it has
 * loaded with that token: what was invalidated in between is refused, so that no load that read before a change is kept after
 * it. The same holds after the store has forgotten everything.
 *
 * <p>No call blocks. A stage that fails says that the store is away; what was asked may have been done, and can be asked
 * again. Names, keys and tags are as {@link Caches} and {@link Cache} allow. Safe for use by many threads.
 */
public interface CacheStore {
    /** The largest value, in bytes. */
    int MAX_VALUE = 2 * 1024 * 1024;

    /**
     * The result of {@link #read}.
     *
     * @param token the time, for {@link #write}
     * @param value empty if none is kept that is still good
     */
    record Found(long token, Optional<Kept> value) {}

    /**
     * A value that is kept.
     *
     * @param age for how long it has been kept
     * @param left for how long it will be
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Kept(byte[] bytes, Duration age, Duration left) {}

    /**
     * A value to keep.
     *
     * @param bytes {@link #MAX_VALUE} at most
     * @param tags {@link Loaded#MAX_TAGS} at most
     * @param ttl for how long, from a millisecond on
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
     * Keeps {@code value}, unless key, one of its tags, or the whole cache was invalidated since {@code token} was given, or a
     * younger value was written.
     *
     * @return whether it is kept
     */
    CompletionStage<Boolean> write(String cache, String key, long token, Fresh value);

    /**
     * Drops the value of {@code key}, and refuses those that are written with an older token.
     *
     * @param memory how old such a token can be
     * @return a token that is not older
     */
    CompletionStage<Long> invalidate(String cache, String key, Duration memory);

    /** Drops all values with {@code tag}, and refuses those that are written with an older token. */
    CompletionStage<Void> invalidateTag(String cache, String tag);

    /** Drops all values of {@code cache}, and refuses those that are written with an older token. */
    CompletionStage<Void> invalidateAll(String cache);
}
