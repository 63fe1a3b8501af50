package dev.tutti.faults;

import dev.tutti.testkit.history.LogEntry;
import java.util.List;
import java.util.Map;

/**
 * The streams at one time.
 *
 * @param events those that are kept, in the order of the log, by stream
 * @param dropped the last seq that is no longer kept, of each stream that is not whole
 */
record Log(Map<String, List<LogEntry>> events, Map<String, Long> dropped) {
    /** The events of {@code stream} that are kept. */
    List<LogEntry> of(String stream) {
        return events.getOrDefault(stream, List.of());
    }

    /** The last seq of {@code stream} that is no longer kept, 0 if it is whole. */
    long dropped(String stream) {
        return dropped.getOrDefault(stream, 0L);
    }

    /** The seq of its last event, 0 if there never was one. */
    long last(String stream) {
        return of(stream).isEmpty() ? dropped(stream) : of(stream).getLast().seq();
    }
}
