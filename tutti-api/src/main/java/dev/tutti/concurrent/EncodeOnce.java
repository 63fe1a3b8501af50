package dev.tutti.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A value that is delivered to many subscribers, together with its encoded forms. The value is encoded once for each {@link Encoding}, when
 * the first subscriber needs it; later subscribers get the same encoded form. Close it after the last subscriber has been served.
 *
 * <p>Not safe for use by many threads: all subscribers are served on one executor, for example one event loop.
 *
 * @param <T> the type of the value
 */
public final class EncodeOnce<T> implements AutoCloseable {
    /**
     * A function that encodes values. Encodings are compared by identity, so keep each in a constant: with a new object for each subscriber
     * the value would be encoded each time. Safe for use by many threads if its function is.
     *
     * @param <T> the type of the values
     * @param <F> the type of the encoded form, which is released by its {@link Resource#close}
     */
    public static final class Encoding<T, F extends Resource> {
        private final Function<T, F> encode;

        /** The encoding that {@code encode} does. */
        public Encoding(Function<T, F> encode) {
            this.encode = encode;
        }
    }

    /** An encoded form that holds a resource, such as a buffer. Its {@code close} throws no checked exception. */
    public interface Resource extends AutoCloseable {
        @Override
        void close();
    }

    private record EncodedResource(Encoding<?, ?> encoding, Resource resource) {}

    private final T value;
    private final List<EncodedResource> encoded = new ArrayList<>(2);

    /** Wraps {@code value}, without encoding it. */
    public EncodeOnce(T value) {
        this.value = value;
    }

    /** The value. */
    public T value() {
        return value;
    }

    /**
     * The value encoded by {@code encoding}; the first call encodes it. The caller must not close the result, which is valid until {@link
     * #close}. An exception of the encoding is thrown as it is, and the next call encodes again.
     */
    @SuppressWarnings("unchecked") // an encoding returns the type that it declares
    public <F extends Resource> F in(Encoding<T, F> encoding) {
        for (EncodedResource known : encoded) {
            if (known.encoding().equals(encoding)) {
                return (F) known.resource();
            }
        }
        F resource = encoding.encode.apply(value);
        encoded.add(new EncodedResource(encoding, resource));
        return resource;
    }

    /** Releases all encoded forms. Idempotent. */
    @Override
    public void close() {
        encoded.forEach(known -> known.resource().close());
        encoded.clear();
    }
}
