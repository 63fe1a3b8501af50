package dev.tutti.cache;

/** The caches of a cluster. All instances declare the same ones. Safe for use by many threads. */
public interface Caches {
    /** The longest name, in characters. */
    int MAX_NAME = 100;

    /**
     * Declares a cache of values that are handed to other instances as JSON.
     *
     * @param name 1 to {@value #MAX_NAME} characters, the same at all instances; a tag of its metrics
     * @param type what the JSON of a value is read as; values are shared by all callers and must not be changed
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if there is such a cache
     */
    <V> Cache<V> cache(String name, CacheSettings settings, Class<V> type);

    /** As above, with the {@link #defaults}. */
    default <V> Cache<V> cache(String name, Class<V> type) {
        return cache(name, defaults(), type);
    }

    /** The operator's settings for caches: settings of one's own begin with these. */
    CacheSettings defaults();
}
