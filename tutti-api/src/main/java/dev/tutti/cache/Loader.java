package dev.tutti.cache;

/**
 * Fetches a value from where it is kept.
 *
 * @param <V> a value
 */
@FunctionalInterface
public interface Loader<V> {
    /**
     * The value of {@code key}, as it is now: nothing that was read before the call. Runs on a virtual thread of its own and
     * may block; it is interrupted when it is late.
     *
     * @throws Exception any, which all who wait for the value at this instance get
     */
    Loaded<V> load(String key) throws Exception;
}
