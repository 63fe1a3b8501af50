package dev.tutti.stream;

import java.util.List;
import java.util.Locale;

/** The result of reading a stream. */
public sealed interface ReadResult {
    /**
     * A run of events without a hole, in the order of the {@link Range}.
     *
     * @param events at most as many as asked for, and no more data than {@link StreamStore#MAX_PAGE_BYTES}
     * @param more whether there are more of them in this direction
     */
    record Page(List<Event> events, boolean more) implements ReadResult {}

    /**
     * Reading cannot go on behind the given {@link Range.After}; {@link #reason} says why.
     *
     * @param stream the stream
     * @param after where reading should have begun
     * @param resume the {@link Range.After} from which reading can go on
     */
    record Gap(StreamName stream, long after, long resume) implements ReadResult {
        /** Why there is a gap. */
        public enum Reason {
            /** The events behind {@code after} up to {@code resume} are no longer kept. */
            EXPIRED,
            /**
             * The stream ends at {@code resume}, before {@code after}: the cursor was made up, or the store lost its latest
             * events in a restore or failover. The events seen behind {@code resume} are void; others come in their place.
             */
            AHEAD;

            /** As it goes over the wire, for example {@code ahead}. */
            public String text() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** Why there is a gap. */
        public Reason reason() {
            return resume < after ? Reason.AHEAD : Reason.EXPIRED;
        }
    }
}
