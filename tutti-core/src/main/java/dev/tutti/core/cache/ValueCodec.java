package dev.tutti.core.cache;

/** A codec between values and JSON. Safe for use by many threads. */
public interface ValueCodec {
    /**
     * {@code value} as the UTF-8 bytes of JSON.
     *
     * @throws dev.tutti.TuttiException if the value cannot be written
     */
    byte[] bytes(Object value);

    /**
     * Converts {@code json} to {@code type}.
     *
     * @throws dev.tutti.TuttiException if it cannot be converted
     */
    <T> T read(byte[] json, Class<T> type);
}
