package dev.tutti.core.cache;

/** A codec between values and JSON. Safe for use by many threads. */
public interface ValueCodec {
    /**
     * {@code value} as the UTF-8 bytes of JSON.
     *
     * @throws dev.tutti.TuttiException if it cannot be written
     */
    byte[] bytes(Object value);

    /**
     * The value that {@code json} holds.
     *
     * @throws dev.tutti.TuttiException if it is none of {@code type}
     */
    <T> T read(byte[] json, Class<T> type);
}
