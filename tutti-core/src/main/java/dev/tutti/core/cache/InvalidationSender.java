package dev.tutti.core.cache;

import dev.tutti.cluster.Peers;
import dev.tutti.core.cache.CacheMessage.Invalidated;
import dev.tutti.core.cache.CacheMessage.Scope;
import dev.tutti.protocol.Slice;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sender of invalidations. It drops values here, then in the second level, if there is one, and then tells all others, so that
 * none of them reads an old value there. When the second level has not acknowledged an invalidation, the others are told that, too,
 * and each drops the values there before it reads them. Safe for use by many threads; does not block.
 */
final class InvalidationSender {
    /** The topic that all hear. */
    static final String EVERYBODY = "all";

    /** The topic of those who leave, which instances from before do not hear. */
    static final String GOODBYE = "gone";

    private final Peers peers;
    private final Function<String, @Nullable LocalCache<?>> caches;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong told = new AtomicLong();
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
            tellAll(what, false);
        } else {
            shared.invalidate(
                    new InvalidationTarget(cache.name(), scope, name),
                    cache.memory(),
                    (_, missed) -> tellAll(what, missed));
        }
    }

    /** As {@link #invalidate} for a put of {@code key}; keeps {@code frame} in the second level, if others can use it. */
    void replace(LocalCache<?> cache, String key, Optional<Slice> frame, Set<String> tags, Duration ttl) {
        SecondLevel shared = level;
        Invalidated what = next(cache, Scope.KEY, key);
        cache.replaced(what);
        if (shared == null) {
            tellAll(what, false);
        } else if (frame.isEmpty()) {
            shared.invalidate(
                    new InvalidationTarget(cache.name(), Scope.KEY, key),
                    cache.memory(),
                    (_, missed) -> tellAll(what, missed));
        } else {
            CacheKey whole = new CacheKey(cache.name(), key);
            shared.replace(whole, cache.memory(), frame.get(), tags, ttl, (_, missed) -> tellAll(what, missed));
        }
    }

    private Invalidated next(LocalCache<?> cache, Scope scope, String name) {
        return new Invalidated(peers.self(), numbers.incrementAndGet(), cache.name(), scope, name, false);
    }

    private Invalidated dropped(LocalCache<?> cache, Scope scope, String name) {
        Invalidated what = next(cache, scope, name);
        cache.drop(what);
        return what;
    }

    private void tellAll(Invalidated what, boolean missed) {
        Invalidated message =
                new Invalidated(what.from(), what.number(), what.cache(), what.scope(), what.name(), missed);
        peers.topics().publish(EVERYBODY, message.frame());
        told.incrementAndGet();
    }

    /** Says that nobody has to fear an invalidation from here that they do not know of, if that is so. */
    void sayGoodbye() {
        if (told.get() == numbers.get()) {
            peers.topics().publish(GOODBYE, new CacheMessage.Leaving(peers.self()).frame());
        }
    }

    /** Another instance says that values may have changed. */
    void heard(Invalidated what) {
        SecondLevel shared = level;
        if (shared != null) {
            InvalidationTarget target = new InvalidationTarget(what.cache(), what.scope(), what.name());
            shared.heard(target, memory(what.cache()), what.missed());
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
            tellAll(dropped(cache, target.scope(), target.name()), false);
        }
    }
}
