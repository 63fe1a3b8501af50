package dev.tutti.memory;

import dev.tutti.ListenerRegistration;
import dev.tutti.concurrent.Listeners;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedStore;
import dev.tutti.feed.FeedUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Feeds of instances that live in one process. Safe for use by many threads. */
public final class MemoryFeedStore implements FeedStore {
    private final Map<FeedKey, FeedState> states = new HashMap<>(); // guarded by this
    private final Listeners<Listener> listeners = new Listeners<>();

    /** One that has no feeds yet. */
    public MemoryFeedStore() {}

    @Override
    public FeedUpdate put(FeedState state, String instance) {
        synchronized (this) {
            @Nullable FeedState held = states.get(state.key());
            if (held != null && held.version() >= state.version()) {
                return new FeedUpdate.Stale(held.version());
            }
            states.put(state.key(), state);
        }
        String text = "{\"key\":\"" + state.key() + "\",\"version\":" + state.version() + ",\"instanceId\":\""
                + instance + "\"}";
        listeners.forEach(listener -> listener.announced(text));
        return new FeedUpdate.Accepted();
    }

    @Override
    public synchronized List<FeedState> newer(Map<FeedKey, Long> known) {
        List<FeedState> newer = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<FeedKey, Long> each : new TreeMap<>(known).entrySet()) {
            @Nullable FeedState held = states.get(each.getKey());
            if (held != null && held.version() > each.getValue() && bytes <= MAX_ANSWER) {
                newer.add(held);
                bytes += held.bytes();
            }
        }
        return newer;
    }

    @Override
    public ListenerRegistration listen(Listener listener) {
        return listeners.add(listener);
    }
}
