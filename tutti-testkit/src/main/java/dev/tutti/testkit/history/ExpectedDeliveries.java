package dev.tutti.testkit.history;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The events that must be delivered to each client: for each stream the entitled clients, with the seq after which each is entitled. Not
 * safe for use by many threads.
 */
public final class ExpectedDeliveries {
    private final Map<String, Map<String, Long>> after = new TreeMap<>();

    /** Adds an entitlement: every event of {@code stream} after {@code seq} must be delivered to {@code client}, and no earlier one. */
    public ExpectedDeliveries entitled(String client, String stream, long seq) {
        after.computeIfAbsent(stream, _ -> new HashMap<>()).put(client, seq);
        return this;
    }

    /** The clients that are entitled to {@code stream}, with the seq after which each is entitled. */
    Map<String, Long> of(String stream) {
        return after.getOrDefault(stream, Map.of());
    }

    /** The streams to which any client is entitled. */
    Iterable<String> streams() {
        return after.keySet();
    }
}
