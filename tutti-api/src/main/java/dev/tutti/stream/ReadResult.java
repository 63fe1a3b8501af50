package dev.tutti.stream;

import java.util.List;

/** What reading a stream gives. */
public sealed interface ReadResult {
    /**
     * A run of events without a hole, in the order of the {@link Range}.
     *
     * @param events at most as many as asked for, and no more data than {@link StreamStore#MAX_PAGE_BYTES}
     * @param more whether there are more of them in this direction
     */
    record Page(List<Event> events, boolean more) implements ReadResult {}

    /**
     * Events behind the given {@link Range.After} are no longer kept.
     *
     * @param stream the stream
     * @param after where reading should have begun
     * @param resume the {@link Range.After} from which reading can go on: what is kept begins behind it
     */
    record Gap(StreamName stream, long after, long resume) implements ReadResult {}
}
