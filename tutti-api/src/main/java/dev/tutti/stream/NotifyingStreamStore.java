package dev.tutti.stream;

/** A store that learns of events that were not appended by an instance, for example by another program in SQL. */
public interface NotifyingStreamStore extends StreamStore {
    /** Receives hints about the heads of streams. */
    @FunctionalInterface
    interface Listener {
        /** The head of {@code stream} may now be {@code head}. This is a hint, which may be wrong, late or missing. Must not block. */
        void appended(StreamName stream, long head);
    }

    /** Sets the listener that gets the hints from now on. Called once. */
    void onAppended(Listener listener);
}
