package dev.tutti.concurrent;

import dev.tutti.ListenerRegistration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Those who are told something, in the order in which they came. One that was added twice is told twice, and each of its
 * registrations ends one of the two. Without a bound: code adds them, no client does. Safe for use by many threads.
 */
public final class Listeners<L> {
    private final List<Entry<L>> entries = new CopyOnWriteArrayList<>();

    private static final class Entry<L> {
        private final L listener;

        private Entry(L listener) {
            this.listener = listener;
        }
    }

    /** None yet. */
    public Listeners() {}

    /** Adds {@code listener}, until what this returns is closed. Does not block. */
    public ListenerRegistration add(L listener) {
        Entry<L> entry = new Entry<>(listener);
        entries.add(entry);
        return () -> entries.remove(entry);
    }

    /** Calls {@code call} with each, on this thread. An exception of one ends this: calls of somebody else's code are {@linkplain Failures#guard guarded}. */
    public void forEach(Consumer<L> call) {
        entries.forEach(entry -> call.accept(entry.listener));
    }
}
