package dev.tutti.core.feed;

import java.util.Set;

/**
 * The settings of feeds; the same for all instances.
 *
 * @param volatileKinds the kinds of keys whose feeds are kept in memory only
 * @param memoryBytes how much the volatile feeds of all kinds may take, and the durable ones that somebody is subscribed to
 *     may, at least 1 MiB each
 */
public record FeedSettings(Set<String> volatileKinds, long memoryBytes) {
    /** All kinds are durable; 64 MiB. */
    public static final FeedSettings DEFAULT = new FeedSettings(Set.of(), 64L << 20);

    private static final long LEAST = 1L << 20;

    public FeedSettings {
        volatileKinds = Set.copyOf(volatileKinds);
        if (memoryBytes < LEAST) {
            throw new IllegalArgumentException(memoryBytes + " bytes for feeds; allowed are " + LEAST + " and more");
        }
    }
}
