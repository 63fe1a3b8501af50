package dev.tutti.stream;

/** A store that can be told to delete events before their {@link Retention} is over. */
public interface DeletingStreamStore extends StreamStore {
    /** The most events that one {@link #delete} deletes. */
    int MAX_DELETED = 1_000;

    /**
     * Deletes the oldest events of {@code stream} up to seq {@code through}, at most {@link #MAX_DELETED}, all of them or none. Returns
     * their number, which is less than {@link #MAX_DELETED} if there are no more. Deleted events are like events that are too old: the
     * numbering continues after them, reading from before them gives a gap, and their keys are forgotten. If several callers delete the
     * same events at the same time, one may get 0 before the others are done.
     */
    int delete(StreamName stream, long through);
}
