package dev.tutti.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A value on its way to many subscribers of one executor, with what it was encoded to on that way: each encoding is made
 * once, for the first subscriber that needs it, and closed when all have been served.
 *
 * <p>Confined to its executor; not safe for use by several threads, and so needs no atomics.
 */
public final class EncodeOnce<T> implements AutoCloseable {
    /**
     * A way to encode values, and the key of what it makes: the same encoding is the same object, kept in a constant.
     *
     * @param <T> what is encoded
     * @param <F> what it is encoded to; its close releases it
     */
    public static final class Encoding<T, F extends Resource> {
        private final Function<T, F> encode;

        /** An encoding made by {@code encode}. */
        public Encoding(Function<T, F> encode) {
            this.encode = encode;
        }
    }

    /** Something that is released without a checked exception. */
    public interface Resource extends AutoCloseable {
        @Override
        void close();
    }

    private record EncodedResource(Encoding<?, ?> encoding, Resource resource) {}

    private final T value;
    private final List<EncodedResource> made = new ArrayList<>(2);

    /** A value that nobody has encoded yet. */
    public EncodeOnce(T value) {
        this.value = value;
    }

    /** The value. */
    public T value() {
        return value;
    }

    /** The value in {@code encoding}, made at the first call. Valid until this is closed; not to be closed by the caller. */
    @SuppressWarnings("unchecked") // an encoding makes what its type says
    public <F extends Resource> F in(Encoding<T, F> encoding) {
        for (EncodedResource known : made) {
            if (known.encoding().equals(encoding)) {
                return (F) known.resource();
            }
        }
        F resource = encoding.encode.apply(value);
        made.add(new EncodedResource(encoding, resource));
        return resource;
    }

    /** Releases every encoding. */
    @Override
    public void close() {
        made.forEach(known -> known.resource().close());
        made.clear();
    }
}
