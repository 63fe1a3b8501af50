package dev.tutti.postgres;

import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.util.List;

/** A range of a stream as the tables have it: the head of the stream, events of the range, and whether there are more. */
record StreamRows(long head, List<Event> events, boolean more) {
    ReadResult result(StreamName stream, Range range) {
        if (range instanceof Range.After(long seq)) {
            long next = events.isEmpty() ? head + 1 : events.getFirst().seq();
            boolean expired = next > seq + 1 && head > seq;
            if (expired || head < seq) {
                return new ReadResult.Gap(stream, seq, Math.min(next - 1, head));
            }
        }
        return new ReadResult.Page(events, more);
    }

    /** Whether whatever was appended since, or is not yet here, is no part of the answer: events do not change. */
    boolean areOfThePast(Range range) {
        return switch (range) {
            case Range.After(long seq) -> more && events.getFirst().seq() == seq + 1;
            case Range.Before(long seq) -> head >= seq - 1;
        };
    }
}
