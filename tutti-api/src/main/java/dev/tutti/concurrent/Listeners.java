package dev.tutti.concurrent;

import dev.tutti.ListenerRegistration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * An ordered list of listeners. Listeners are called in the order in which they were added. A listener that was added twice is called
 * twice, and has two registrations. The list has no bound, because only code adds listeners; clients cannot. Safe for use by many threads.
 *
 * @param <L> the type of the listeners
 */
public final class Listeners<L> {
    private final List<Entry<L>> entries = new CopyOnWriteArrayList<>();

    /** One registration; compared by identity, so that each one removes only itself. */
    private static final class Entry<L> {
        private final L listener;

        private Entry(L listener) {
            this.listener = listener;
        }
    }

    /** A list without listeners. */
    public Listeners() {}

    /** Adds {@code listener} to the end of the list, until the returned registration is closed. Does not block. */
    public ListenerRegistration add(L listener) {
        Entry<L> entry = new Entry<>(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /**
     * Passes each listener to {@code call}, on this thread. Listeners that are added or removed meanwhile have no effect on this call. An
     * exception of {@code call} is thrown on, and the remaining listeners are not called; so a {@code call} into somebody else's code uses
     * {@link Failures#guard}.
     */
    public void forEach(Consumer<L> call) {
        entries.forEach(entry -> call.accept(entry.listener));
    }
}
