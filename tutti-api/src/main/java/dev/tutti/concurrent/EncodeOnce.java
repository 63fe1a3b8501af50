package dev.tutti.concurrent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A value on its way to many subscribers of one executor, with the forms it was encoded to on that way: each form is made
 * once, by the first who needs it, and closed when all have been served.
 *
 * <p>Confined to its executor; not safe for use by several threads, and so needs no atomics.
 */
public final class EncodeOnce<T> implements AutoCloseable {
    /**
     * A way to encode values, and the key of what it makes: the same form is the same object, kept in a constant.
     *
     * @param <T> what is encoded
     * @param <F> what it is encoded to; its close releases it
     */
    public static final class Form<T, F extends Resource> {
        private final Function<T, F> encode;

        /** A form made by {@code encode}. */
        public Form(Function<T, F> encode) {
            this.encode = encode;
        }
    }

    /** Something that is released without a checked exception. */
    public interface Resource extends AutoCloseable {
        @Override
        void close();
    }

    private record Made(Form<?, ?> form, Resource resource) {}

    private final T value;
    private final List<Made> made = new ArrayList<>(2);

    /** A value that nobody has encoded yet. */
    public EncodeOnce(T value) {
        this.value = value;
    }

    /** The value. */
    public T value() {
        return value;
    }

    /** The value in {@code form}, made at the first call. Valid until this is closed; not to be closed by the caller. */
    @SuppressWarnings("unchecked") // a form's key makes what its type says
    public <F extends Resource> F in(Form<T, F> form) {
        for (Made known : made) {
            if (known.form().equals(form)) {
                return (F) known.resource();
            }
        }
        F resource = form.encode.apply(value);
        made.add(new Made(form, resource));
        return resource;
    }

    /** Releases every form. */
    @Override
    public void close() {
        made.forEach(known -> known.resource().close());
        made.clear();
    }
}
