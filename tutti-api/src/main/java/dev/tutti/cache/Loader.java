package dev.tutti.cache;

/**
 * Loads a value that the cache does not have.
 *
 * @param <V> the type of the value
 */
@FunctionalInterface
public interface Loader<V> {
    /**
     * Loads the current value of {@code key}. It must not return data that were read before the call. Runs on a virtual thread of its own,
     * and may block; it is interrupted after {@link CacheSettings#loadTimeout}.
     *
     * @throws Exception any exception; all callers that wait for the value at this instance get it
     */
    Loaded<V> load(String key) throws Exception;
}
