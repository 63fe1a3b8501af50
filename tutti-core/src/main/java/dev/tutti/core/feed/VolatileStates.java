package dev.tutti.core.feed;

import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedUpdate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The volatile feeds, as this instance knows them, within a number of bytes: the feed that was published and asked for longest ago
 * is forgotten first. Safe for use by many threads.
 */
final class VolatileStates {
    /** How many feeds there may be: one message has the keys of all of them. */
    static final int MAX_KEYS = 50_000;

    /** The bytes that a feed takes besides its key and its value, about. */
    private static final int OVERHEAD = 200;

    private final long maxBytes;
    private final FeedMetrics metrics;
    private final Map<FeedKey, FeedState> states = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    VolatileStates(long maxBytes, FeedMetrics metrics) {
        this.maxBytes = maxBytes;
        this.metrics = metrics;
    }

    /** Holds {@code state} if it is newer than what is held. */
    synchronized FeedUpdate put(FeedState state) {
        @Nullable FeedState held = states.get(state.key());
        if (held != null && held.version() >= state.version()) {
            return new FeedUpdate.Stale(held.version());
        }
        states.put(state.key(), state);
        bytes += size(state) - (held == null ? 0 : size(held));
        Iterator<FeedState> oldest = states.values().iterator();
        while ((bytes > maxBytes || states.size() > MAX_KEYS) && states.size() > 1) {
            bytes -= size(oldest.next());
            oldest.remove();
            metrics.forgotten();
        }
        return new FeedUpdate.Accepted();
    }

    synchronized Optional<FeedState> find(FeedKey key) {
        return Optional.ofNullable(states.get(key));
    }

    /** Whether a state of {@code key} is held; that it was asked does not count as use. */
    synchronized boolean has(FeedKey key) {
        return states.containsKey(key);
    }

    /** Which versions are held. */
    synchronized Map<FeedKey, Long> versions() {
        Map<FeedKey, Long> versions = new LinkedHashMap<>();
        states.forEach((key, state) -> versions.put(key, state.version()));
        return versions;
    }

    /** The states that are newer than in {@code known}, or not in there. */
    synchronized List<FeedState> newer(Map<FeedKey, Long> known) {
        List<FeedState> newer = new ArrayList<>();
        states.forEach((key, state) -> {
            if (state.version() > known.getOrDefault(key, 0L)) {
                newer.add(state);
            }
        });
        return newer;
    }

    private static int size(FeedState state) {
        return OVERHEAD + state.key().value().length() + state.bytes();
    }
}
