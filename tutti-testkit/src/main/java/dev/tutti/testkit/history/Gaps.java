package dev.tutti.testkit.history;

import java.util.List;
import java.util.Map;

/**
 * The gaps in one stream, as clients were told of them.
 *
 * @param dropped the last seq that is no longer kept, 0 if everything is
 * @param told by client
 */
record Gaps(long dropped, Map<String, List<Entry.Gap>> told) {
    /** Whether {@code client} was told that {@code seq} is no longer kept. */
    boolean cover(String client, long seq) {
        return told.getOrDefault(client, List.of()).stream().anyMatch(gap -> gap.after() < seq && seq <= gap.resume());
    }

    /** Those that tell of events that are kept. */
    List<Entry.Gap> needless() {
        return told.values().stream()
                .flatMap(List::stream)
                .filter(gap -> gap.resume() > dropped)
                .toList();
    }
}
