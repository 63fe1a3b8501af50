package dev.tutti;

/** The registration of a listener, which lasts until it is closed. Safe for use by many threads. */
@FunctionalInterface
public interface ListenerRegistration extends AutoCloseable {
    /** Ends the registration. A call that is under way or about to begin is still made; no other follows. Idempotent; does not block. */
    @Override
    void close();
}
