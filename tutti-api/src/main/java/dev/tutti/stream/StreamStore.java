package dev.tutti.stream;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Stores streams. A backend implements this; everything else about streams is built on it once, in the core.
 *
 * <p>Safe for use by many threads. Methods block; they are called on virtual threads. If the store cannot be reached, they throw a
 * {@link dev.tutti.TuttiException} with {@link dev.tutti.ErrorCode#UNAVAILABLE}.
 */
public interface StreamStore {
    /** The most events that one {@link #append} adds. */
    int MAX_APPENDS = 1_000;

    /** The most events that one {@link #read} returns. */
    int MAX_PAGE = 1_000;

    /** The most bytes of data that one {@link #read} returns; larger than the largest event. */
    long MAX_PAGE_BYTES = 1024 * 1024;

    /** The most streams that one {@link #seen} takes, and that one {@link #changes} lists. */
    int MAX_STREAMS = 10_000;

    /**
     * Adds all events durably, or none, and returns the results in their order. Within a stream the seqs follow the order of the list,
     * begin at 1 and have no gap. A larger seq never becomes visible before a smaller one. If the stream still keeps an event with the key
     * of an append, this append adds nothing and returns the seq of that event.
     *
     * <p>If this throws, it is unknown whether the events were added. Appends with a key can be repeated safely.
     *
     * @param appends at most {@link #MAX_APPENDS}
     * @throws NothingAppendedException if it is known that no event was added
     */
    List<Appended> append(List<Append> appends);

    /**
     * Reads at most {@code limit} events, 1 to {@link #MAX_PAGE}. A stream that does not exist counts as empty.
     *
     * @return a page; or a gap, only if {@code range} is a {@link Range.After} whose next event is no longer kept, or which is beyond the
     *     last event of the stream
     */
    ReadResult read(StreamName stream, Range range, int limit);

    /** The present position. */
    Position now();

    /**
     * The streams that changed since {@code since}. The cost depends on the number of changes, not on the number of streams.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the position does not belong to this store, for
     *     example because the store has lost its latest events since
     */
    Changes changes(Position since);

    /**
     * For each of the given streams, at most {@link #MAX_STREAMS}, the seq of the last event that had been committed at
     * {@code position}, or 0 if there was none. If that event and later ones are no longer kept, the result may be a smaller seq, so that
     * reading after it gives a gap. It is never a larger seq.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the position does not belong to this store
     */
    Map<StreamName, Long> seen(Position position, Collection<StreamName> streams);
}
