package dev.tutti;

/** A listener's place among those who are told something, until it is closed. Safe for use by many threads. */
@FunctionalInterface
public interface ListenerRegistration extends AutoCloseable {
    /** Ends it: when the call that is going on, or about to begin, has returned, none follows. Idempotent; does not block. */
    @Override
    void close();
}
