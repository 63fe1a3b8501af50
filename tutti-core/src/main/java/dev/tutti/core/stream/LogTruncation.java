package dev.tutti.core.stream;

import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.time.Instant;

/**
 * Finds how much of a stream that was passed on up to {@code seq} is still in its log, after a failover or a restore perhaps.
 * Events are told apart by their times, which only grow along a stream: an event that has come in the place of a lost one is
 * younger.
 *
 * @param at the time of the event {@code seq}; {@link Instant#MAX} if it is not known
 * @param youngerFrom events of this time and later have come in the place of lost ones
 * @param limit events to look at
 */
record LogTruncation(StreamName stream, long seq, Instant at, Instant youngerFrom, int limit) {
    /** The last event that is in both; {@code seq} if nothing was lost, or if that cannot be told. Blocks. */
    long kept(StreamStore store) {
        if (seq == 0) {
            return 0;
        }
        return switch (store.read(stream, new Range.After(seq - 1), 1)) {
            case ReadResult.Gap gap -> gap.reason() == ReadResult.Gap.Reason.AHEAD ? kept(store, gap.resume()) : seq;
            case ReadResult.Page page when page.events().isEmpty() -> kept(store, seq - 1);
            case ReadResult.Page page ->
                at.equals(Instant.MAX) || page.events().getFirst().at().equals(at) ? seq : kept(store, seq - 1);
        };
    }

    private long kept(StreamStore store, long head) {
        long kept = head;
        if (store.read(stream, new Range.Before(head + 1), limit) instanceof ReadResult.Page page) {
            for (Event event : page.events()) {
                if (event.at().isBefore(youngerFrom)) {
                    break;
                }
                kept = event.seq() - 1;
            }
        }
        return kept;
    }
}
