package dev.tutti.cache;

/** The caches of a cluster. All instances declare the same ones. Safe for use by many threads. */
public interface Caches {
    /** The longest name, in characters. */
    int MAX_NAME = 100;

    /**
     * Declares a cache. Its values are sent to other instances as JSON.
     *
     * @param name 1 to {@value #MAX_NAME} characters, the same at all instances; a tag of the cache's metrics
     * @param type the class of the values, read from their JSON. All callers share a value, so it must not be changed
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if a cache with this name is declared already
     */
    <V> Cache<V> cache(String name, CacheSettings settings, Class<V> type);

    /** As above, with the {@link #defaults}. */
    default <V> Cache<V> cache(String name, Class<V> type) {
        return cache(name, defaults(), type);
    }

    /** The operator's default settings for caches. Derive your own settings from these. */
    CacheSettings defaults();
}
