package dev.tutti.core.cache;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cache.Loader;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One load of a key, for which all wait who miss that key here. Runs on a thread of its own, which is interrupted when
 * the loader is late; safe for use by many threads.
 */
final class KeyLoad<V> {
    private final LocalCache<V> cache;
    private final String key;
    private final Loader<V> loader;
    private final boolean refresh;
    private final long begun;
    private final CompletableFuture<Optional<V>> done = new CompletableFuture<>();
    private final Thread thread;

    /**
     * One that {@link #start} begins, which is called when it is among the loads under way.
     *
     * @param refresh whether there is a value that is to be replaced by a younger one
     */
    KeyLoad(LocalCache<V> cache, String key, Loader<V> loader, boolean refresh, long begun) {
        this.cache = cache;
        this.key = key;
        this.loader = loader;
        this.refresh = refresh;
        this.begun = begun;
        this.thread = cache.threads().newThread(this::run);
        var _ = done.whenComplete((_, failure) -> {
            if (failure != null) {
                cache.ended(this);
                thread.interrupt();
            }
        });
    }

    String key() {
        return key;
    }

    /** When it began, on the ticker. */
    long begun() {
        return begun;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            CacheLookup<V> obtained = obtain();
            cache.loaded(this, obtained); // before anybody is told, who might ask again
            done.complete(obtained.content().loaded().value());
        } catch (Throwable failure) { // of somebody else's code
            done.completeExceptionally(failure);
        } finally {
            cache.cluster().release();
        }
    }

    private CacheLookup<V> obtain() throws Exception {
        CacheKey whole = new CacheKey(cache.name(), key);
        VersionVector version =
                cache.version(key); // what comes after this takes the load out, so nothing falls between
        StoreLookup<V> found = cache.lookUp(whole, refresh);
        if (found.value().isPresent()) {
            return found.value().get();
        }
        CacheMessage.Answer turn =
                cache.cluster().turn(whole, version, cache.settings().loadTimeout());
        if (turn instanceof CacheMessage.Handed handed) {
            Optional<Content<V>> content = cache.read(handed.value());
            if (content.isPresent()) {
                return CacheLookup.now(content.get());
            }
        }
        return turn instanceof CacheMessage.Granted granted ? loadFor(granted, whole, found) : load(whole, found);
    }

    private CacheLookup<V> loadFor(CacheMessage.Granted granted, CacheKey whole, StoreLookup<V> found)
            throws Exception {
        Optional<CacheLookup<V>> obtained = Optional.empty();
        try {
            obtained = Optional.of(load(whole, found));
            return obtained.get();
        } finally {
            cache.cluster()
                    .report(
                            granted,
                            obtained.filter(CacheLookup::isNew)
                                    .map(CacheLookup::content)
                                    .flatMap(Content::handed));
        }
    }

    private CacheLookup<V> load(CacheKey whole, StoreLookup<V> before) throws Exception {
        StoreLookup<V> found = !cache.cluster().isAlone() && before.token().isPresent()
                ? cache.lookUp(whole, refresh) // somebody may have loaded before it was this one's turn
                : before;
        if (found.value().isPresent()) {
            return found.value().get();
        }
        Duration timeout = cache.settings().loadTimeout();
        var _ = done.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        Content<V> content = cache.load(key, loader);
        if (found.token().isPresent() && !done.isDone()) {
            cache.share(this, whole, found.token().getAsLong(), content); // before others get their turn
        }
        return CacheLookup.now(content);
    }

    /** Ends it: callers that wait get {@code failure}. */
    void fail(TuttiException failure) {
        done.completeExceptionally(failure);
    }

    /** Ends it with what was found without a load. */
    void complete(Optional<V> value) {
        done.complete(value);
    }

    /** Whether it has a value, or has failed. */
    boolean isDone() {
        return done.isDone();
    }

    /** The value that it finds. Blocks until then, for twice the time limit of a load at most. */
    Optional<V> await() throws InterruptedException {
        Duration longest = cache.settings().loadTimeout().multipliedBy(2);
        try {
            return done.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw unchecked(Objects.requireNonNull(failed.getCause()));
        } catch (TimeoutException late) {
            throw unchecked(late);
        }
    }

    private RuntimeException unchecked(Throwable failure) {
        return switch (failure) {
            case RuntimeException known -> known;
            case Error error -> throw error;
            case TimeoutException late ->
                new TuttiException(
                        ErrorCode.TIMEOUT, "a value of cache '" + cache.name() + "' was not loaded in time", late);
            default ->
                new TuttiException(
                        ErrorCode.UNAVAILABLE, "a value of cache '" + cache.name() + "' could not be loaded", failure);
        };
    }
}
