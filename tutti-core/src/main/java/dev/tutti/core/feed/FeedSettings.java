package dev.tutti.core.feed;

import java.util.Set;

/**
 * The settings of feeds, the same at all instances. Immutable.
 *
 * @param volatileKinds the kinds of keys whose feeds are volatile: kept only in the memory of the instances
 * @param memoryBytes the most bytes that an instance keeps of volatile feeds, and again of durable feeds that have subscribers there; at
 *     least 1 MiB
 */
public record FeedSettings(Set<String> volatileKinds, long memoryBytes) {
    /** All feeds are durable; 64 MiB. */
    public static final FeedSettings DEFAULT = new FeedSettings(Set.of(), 64L << 20);

    private static final long LEAST = 1L << 20;

    public FeedSettings {
        volatileKinds = Set.copyOf(volatileKinds);
        if (memoryBytes < LEAST) {
            throw new IllegalArgumentException(memoryBytes + " bytes for feeds; allowed are " + LEAST + " and more");
        }
    }
}
