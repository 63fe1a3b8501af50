package dev.tutti.testkit.history;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The events that clients must have been given: for each stream the clients, each with the seq behind which its share begins. */
public final class ExpectedDeliveries {
    private final Map<String, Map<String, Long>> after = new TreeMap<>();

    /** {@code client} must be given every event of {@code stream} behind {@code seq}, and none before. */
    public ExpectedDeliveries entitled(String client, String stream, long seq) {
        after.computeIfAbsent(stream, _ -> new HashMap<>()).put(client, seq);
        return this;
    }

    /** The clients entitled to {@code stream}, with the seq behind which. */
    Map<String, Long> of(String stream) {
        return after.getOrDefault(stream, Map.of());
    }

    /** Every stream that somebody is entitled to. */
    Iterable<String> streams() {
        return after.keySet();
    }
}
