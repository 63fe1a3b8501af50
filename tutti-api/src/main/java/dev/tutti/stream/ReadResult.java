package dev.tutti.stream;

import java.util.List;
import java.util.Locale;

/** The result of reading a stream. */
public sealed interface ReadResult {
    /**
     * Consecutive events without a missing one, in the order of the {@link Range}.
     *
     * @param events at most the requested number, with at most {@link StreamStore#MAX_PAGE_BYTES} of data
     * @param more whether there are more events in this direction
     */
    record Page(List<Event> events, boolean more) implements ReadResult {}

    /**
     * The stream cannot be read from the requested {@link Range.After}; {@link #reason} says why.
     *
     * @param stream the stream
     * @param after the requested position: reading was to begin with the next event
     * @param resume the {@link Range.After} from which reading can continue
     */
    record Gap(StreamName stream, long after, long resume) implements ReadResult {
        /** The reason for a gap. */
        public enum Reason {
            /** The events after {@code after}, up to {@code resume}, are no longer kept. */
            EXPIRED,
            /**
             * The stream ends at {@code resume}, before {@code after}: the cursor was made up, or the store lost its latest events in a
             * restore or failover. Events after {@code resume} that the client has seen are void; other events take their place.
             */
            AHEAD;

            /** The reason as it is sent to clients, for example {@code ahead}. */
            public String text() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** The reason for this gap. */
        public Reason reason() {
            return resume < after ? Reason.AHEAD : Reason.EXPIRED;
        }
    }
}
