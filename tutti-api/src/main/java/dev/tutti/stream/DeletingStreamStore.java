package dev.tutti.stream;

/** A store that can be told to delete events before their {@link Retention} is over. */
public interface DeletingStreamStore extends StreamStore {
    /** The most events that one {@link #delete} deletes. */
    int MAX_DELETED = 1_000;

    /**
     * Deletes the oldest events of {@code stream} up to seq {@code through}, at most {@link #MAX_DELETED}, all of them or none, and answers how
     * many these were: fewer than that if there are no more. Deleted events are like those that are too old: the numbering goes on behind
     * them, reading before them gives a gap, and their keys are forgotten. Of several who delete the same at the same time one may be
     * answered 0 before the others are done.
     */
    int delete(StreamName stream, long through);
}
