package dev.tutti.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The result of a {@link Loader}.
 *
 * @param value empty if there is no such value; this result is kept for {@link CacheSettings#negativeTtl}
 * @param tags with which the value can be invalidated together with others: at most {@value #MAX_TAGS}, of 1 to {@value
 *     Cache#MAX_KEY} characters
 * @param ttl how long the value is kept, 1 ms to 30 days; empty for the cache's settings
 * @param <V> the type of the value
 */
public record Loaded<V>(Optional<V> value, Set<String> tags, Optional<Duration> ttl) {
    /** The most tags of a value. */
    public static final int MAX_TAGS = 20;

    public Loaded {
        tags = Set.copyOf(tags);
        if (tags.size() > MAX_TAGS) {
            throw new IllegalArgumentException("a value has " + tags.size() + " tags; allowed are " + MAX_TAGS);
        }
        tags.forEach(tag -> Cache.check("tag", tag));
        ttl.ifPresent(CacheSettings::checkTtl);
    }

    /** {@code value}, without tags. */
    public static <V> Loaded<V> of(V value) {
        return new Loaded<>(Optional.of(value), Set.of(), Optional.empty());
    }

    /** There is no such value. */
    public static <V> Loaded<V> none() {
        return new Loaded<>(Optional.empty(), Set.of(), Optional.empty());
    }

    /** The same with these tags. */
    public Loaded<V> tagged(String... tags) {
        return new Loaded<>(value, Set.copyOf(List.of(tags)), ttl);
    }

    /** The same, kept for {@code ttl}. */
    public Loaded<V> lasting(Duration ttl) {
        return new Loaded<>(value, tags, Optional.of(ttl));
    }
}
