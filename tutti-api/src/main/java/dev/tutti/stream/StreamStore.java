package dev.tutti.stream;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Keeps streams. A backend implements this; everything else about streams is built on it once, in the core.
 *
 * <p>Safe for use by many threads. Methods block; they are called on virtual threads. When the store cannot be reached
 * they throw a {@link dev.tutti.TuttiException} with {@link dev.tutti.ErrorCode#UNAVAILABLE}.
 */
public interface StreamStore {
    /** The most events that one {@link #append} adds. */
    int MAX_APPENDS = 1_000;

    /** The most events that one {@link #read} gives. */
    int MAX_PAGE = 1_000;

    /** The most bytes of data that one {@link #read} gives; larger than the largest event. */
    long MAX_PAGE_BYTES = 1024 * 1024;

    /** The most streams that one {@link #seen} takes, and that one {@link #changes} lists. */
    int MAX_STREAMS = 10_000;

    /**
     * Adds all of them durably, or none, and answers in their order. Within a stream the seqs follow the order of the
     * list, begin at 1 and have no hole, and a larger seq never becomes visible before a smaller one. An append whose
     * key the stream has seen, for as long as it keeps that event, adds nothing and answers the first one's seq.
     *
     * <p>If this throws, it is unknown whether they were added; repeating those that have a key is safe.
     *
     * @param appends at most {@link #MAX_APPENDS}
     * @throws NothingAppendedException if it is known that none was added
     */
    List<Appended> append(List<Append> appends);

    /**
     * Reads at most {@code limit} events, 1 to {@link #MAX_PAGE}. A stream that does not exist is an empty one.
     *
     * @return a page; a gap only if {@code range} is an {@link Range.After} whose next event is no longer kept, or that lies
     *     beyond the stream's last event
     */
    ReadResult read(StreamName stream, Range range, int limit);

    /** This moment. */
    Position now();

    /**
     * The streams that changed since {@code since}. Its cost depends on what changed, not on how many streams
     * there are.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the position is not one of this
     *     store's, because it has lost its latest events since, for example
     */
    Changes changes(Position since);

    /**
     * For each of the given streams, at most {@link #MAX_STREAMS}, the seq of the last event that had been committed at
     * {@code position}; 0 where there was none. Where that event and later ones are no longer kept, the answer may be a
     * smaller seq, so that reading behind it gives a gap; it is never a larger one.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the position is not one of this
     *     store's
     */
    Map<StreamName, Long> seen(Position position, Collection<StreamName> streams);
}
