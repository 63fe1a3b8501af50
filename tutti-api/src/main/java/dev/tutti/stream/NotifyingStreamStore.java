package dev.tutti.stream;

/** A store that hears of events which somebody else than an instance has appended, such as another program by SQL. */
public interface NotifyingStreamStore extends StreamStore {
    /** Is told that a stream reaches a seq. */
    @FunctionalInterface
    interface Listener {
        /** Stream {@code stream} is said to reach {@code head}: a hint that may be wrong, late or missing. Must not block. */
        void appended(StreamName stream, long head);
    }

    /** Tells {@code listener} from now on. Called once. */
    void onAppended(Listener listener);
}
