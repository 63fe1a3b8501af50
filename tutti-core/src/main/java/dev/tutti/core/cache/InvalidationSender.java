package dev.tutti.core.cache;

import dev.tutti.core.cache.CacheMessage.Invalidated;
import dev.tutti.core.cache.CacheMessage.Scope;
import dev.tutti.core.cluster.Peers;
import dev.tutti.protocol.Slice;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an invalidation does, in this order: it drops values here, then in the second level, if there is one, and then all
 * others hear of it, so that none of them reads there what is old. Safe for use by many threads; does not block.
 */
final class InvalidationSender {
    /** The topic that all hear. */
    static final String EVERYBODY = "all";

    private final Peers peers;
    private final Function<String, @Nullable LocalCache<?>> caches;
    private final AtomicLong numbers = new AtomicLong();
    private volatile @Nullable SecondLevel level;

    /** Without a second level; {@code caches} gives the cache of a name. */
    InvalidationSender(Peers peers, Function<String, @Nullable LocalCache<?>> caches) {
        this.peers = peers;
        this.caches = caches;
    }

    /** With one from now on. */
    void share(SecondLevel shared) {
        level = shared;
    }

    @Nullable
    SecondLevel level() {
        return level;
    }

    /** Drops values everywhere. */
    void invalidate(LocalCache<?> cache, Scope scope, String name) {
        Invalidated what = dropped(cache, scope, name);
        SecondLevel shared = level;
        if (shared == null) {
            tellAll(what);
        } else {
            shared.invalidate(new InvalidationTarget(cache.name(), scope, name), cache.memory(), _ -> tellAll(what));
        }
    }

    /** Drops the value of {@code key} everywhere, and keeps {@code frame} in the second level, if others can use it. */
    void replace(LocalCache<?> cache, String key, Optional<Slice> frame, Set<String> tags, Duration ttl) {
        SecondLevel shared = level;
        if (shared == null || frame.isEmpty()) {
            invalidate(cache, Scope.KEY, key);
        } else {
            Invalidated what = dropped(cache, Scope.KEY, key);
            CacheKey whole = new CacheKey(cache.name(), key);
            shared.replace(whole, cache.memory(), frame.get(), tags, ttl, () -> tellAll(what));
        }
    }

    private Invalidated dropped(LocalCache<?> cache, Scope scope, String name) {
        Invalidated what = new Invalidated(peers.self(), numbers.incrementAndGet(), cache.name(), scope, name);
        cache.drop(what);
        return what;
    }

    private void tellAll(Invalidated what) {
        peers.topics().publish(EVERYBODY, what.frame());
    }

    /** Another instance says that values may have changed. */
    void heard(Invalidated what) {
        SecondLevel shared = level;
        if (shared != null) {
            shared.heard(new InvalidationTarget(what.cache(), what.scope(), what.name()));
        }
    }

    /** Time has passed. */
    void pass() {
        SecondLevel shared = level;
        if (shared != null) {
            shared.pass(this::memory, this::again);
        }
    }

    private Duration memory(String name) {
        @Nullable LocalCache<?> cache = caches.apply(name);
        return cache == null ? Duration.ZERO : cache.memory();
    }

    private void again(InvalidationTarget target) {
        @Nullable LocalCache<?> cache = caches.apply(target.cache());
        if (cache != null) {
            tellAll(dropped(cache, target.scope(), target.name()));
        }
    }
}
