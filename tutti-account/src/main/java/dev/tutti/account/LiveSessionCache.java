package dev.tutti.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Whether a session is still good, remembered for a second: one that ends on another instance is good here for at most
 * that long, one that ends here is not. Safe for use by many threads.
 */
final class LiveSessionCache {
    private static final int REMEMBERED = 20_000;
    private static final Duration STALE = Duration.ofSeconds(1);

    private final SessionStore store;
    private final Cache<String, Optional<Session>> recent;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    LiveSessionCache(SessionStore store, LongSupplier ticker) {
        this.store = store;
        this.recent = Caffeine.newBuilder()
                .initialCapacity(REMEMBERED) // loads of one key hold up their neighbours: be spacious
                .maximumSize(REMEMBERED)
                .expireAfterWrite(STALE)
                .ticker(ticker::getAsLong)
                .build();
    }

    /** The session, unless it has ended. Blocks if it was not asked for lately. */
    Optional<Session> find(String id) {
        return recent.get(id, store::find);
    }

    /** Adds what is told of every session that ends on this instance, after it has ended. */
    void onEnd(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** The session has ended in the store. A load that runs meanwhile is waited for, and forgotten. */
    void ended(String id) {
        recent.invalidate(id);
        listeners.forEach(listener -> listener.accept(id));
    }
}
