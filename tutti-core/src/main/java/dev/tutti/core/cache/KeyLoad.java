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
 * One load of a key, for which all wait who miss that key here. Runs on a virtual thread of its own, which is interrupted when
 * the loader is late; safe for use by many threads.
 */
final class KeyLoad<V> {
    private final LocalCache<V> cache;
    private final String key;
    private final Loader<V> loader;
    private final long begun;
    private final CompletableFuture<Optional<V>> done = new CompletableFuture<>();
    private final Thread thread;

    /** One that {@link #start} begins, which is called when it is among the loads under way. */
    KeyLoad(LocalCache<V> cache, String key, Loader<V> loader, long begun) {
        this.cache = cache;
        this.key = key;
        this.loader = loader;
        this.begun = begun;
        this.thread = Thread.ofVirtual().name("tutti-cache-" + cache.name()).unstarted(this::run);
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
            Content<V> content = obtain();
            cache.loaded(this, content); // before anybody is told, who might ask again
            done.complete(content.loaded().value());
        } catch (Throwable failure) { // of somebody else's code
            done.completeExceptionally(failure);
        } finally {
            cache.cluster().release();
        }
    }

    private Content<V> obtain() throws Exception {
        CacheKey whole = new CacheKey(cache.name(), key);
        VersionVector version =
                cache.version(key); // what comes after this takes the load out, so nothing falls between
        return switch (cache.cluster().turn(whole, version, cache.settings().loadTimeout())) {
            case CacheMessage.Handed handed -> {
                Optional<Content<V>> content = cache.read(handed.value());
                yield content.isPresent() ? content.get() : load();
            }
            case CacheMessage.Granted granted -> loadFor(granted);
            case CacheMessage.Waiting _, CacheMessage.OnItsOwn _ -> load();
        };
    }

    private Content<V> loadFor(CacheMessage.Granted granted) throws Exception {
        Optional<Content<V>> content = Optional.empty();
        try {
            content = Optional.of(load());
            return content.get();
        } finally {
            cache.cluster().report(granted, content.flatMap(Content::handed));
        }
    }

    private Content<V> load() throws Exception {
        Duration timeout = cache.settings().loadTimeout();
        var _ = done.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return cache.load(key, loader);
    }

    /** Ends it: who waits gets {@code failure}. */
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

    /** What comes of it. */
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
