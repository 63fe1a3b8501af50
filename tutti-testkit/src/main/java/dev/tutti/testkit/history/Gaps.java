package dev.tutti.testkit.history;

import java.util.List;
import java.util.Map;

/**
 * The gaps in one stream that clients were told of.
 *
 * @param dropped the last seq that is no longer kept; 0 if all events are kept
 * @param told the gaps by client
 */
record Gaps(long dropped, Map<String, List<Entry.Gap>> told) {
    /** Whether {@code client} was told that {@code seq} is no longer kept. */
    boolean cover(String client, long seq) {
        return told.getOrDefault(client, List.of()).stream().anyMatch(gap -> gap.after() < seq && seq <= gap.resume());
    }

    /** The gaps that include events that are kept. */
    List<Entry.Gap> needless() {
        return told.values().stream()
                .flatMap(List::stream)
                .filter(gap -> gap.resume() > dropped)
                .toList();
    }
}
