package dev.tutti.core.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Loaded;
import dev.tutti.cache.Loader;
import dev.tutti.core.cache.CacheMessage.Invalidated;
import dev.tutti.core.cache.CacheMessage.Scope;
import dev.tutti.protocol.Slice;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.cache.CaffeineCacheMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The values that this instance keeps of one cache, and its loads under way. A load is kept only if it is still among those under
 * way when it ends; an invalidation takes it out first and drops what is kept then, so that neither order of the two keeps what is
 * old. So it is with puts. Safe for use by many threads.
 */
final class LocalCache<V> implements Cache<V> {
    private static final Logger log = LoggerFactory.getLogger(LocalCache.class);
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final ClusterCaches cluster;
    private final String name;
    private final CacheSettings settings;
    private final boolean refreshes;
    private final Class<V> type;
    private final ThreadFactory threads;
    private final com.github.benmanes.caffeine.cache.Cache<String, CachedEntry<V>> entries;
    private final Map<String, KeyLoad<V>> loads = new ConcurrentHashMap<>();
    private final PendingPuts puts = new PendingPuts();
    private final RecentInvalidations recent; // guarded by itself
    private final Counter loaded;
    private final Counter failed;
    private final Counter coalesced;
    private final Counter heard;
    private final Counter hits;
    private final Counter misses;

    /** One whose loads run on {@code threads}, each on one of its own. */
    LocalCache(
            ClusterCaches cluster,
            String name,
            CacheSettings settings,
            Class<V> type,
            ThreadFactory threads,
            MeterRegistry meters) {
        this.threads = threads;
        this.cluster = cluster;
        this.name = name;
        this.settings = settings;
        this.refreshes = settings.refreshAfter().isPositive();
        this.type = type;
        this.recent = new RecentInvalidations(settings.loadTimeout().toNanos() * 2, cluster.now());
        this.entries = Caffeine.newBuilder()
                .maximumWeight(settings.maxBytes())
                .<String, CachedEntry<V>>weigher((_, entry) -> entry.weight())
                .expireAfter(Expiry.<String, CachedEntry<V>>writing((_, entry) -> Duration.ofNanos(entry.ttl())))
                .ticker(cluster::now)
                .executor(Runnable::run)
                .recordStats()
                .build();
        CaffeineCacheMetrics.monitor(meters, entries, name);
        this.loaded = counter(meters, "loads", "Loads that this instance did");
        this.failed = counter(meters, "failures", "Loads that this instance did in vain");
        this.coalesced = counter(meters, "coalesced", "Loads that it did not do, because somebody else did");
        this.hits = counter(meters, "store.hits", "Values that were found in the second level");
        this.misses = counter(meters, "store.misses", "Values that were not found in the second level");
        this.heard = counter(meters, "invalidations", "Invalidations of other instances that it has heard");
    }

    private Counter counter(MeterRegistry meters, String what, String description) {
        return Counter.builder("tutti.cache." + what)
                .description(description)
                .tag("cache", name)
                .register(meters);
    }

    ClusterCaches cluster() {
        return cluster;
    }

    String name() {
        return name;
    }

    ThreadFactory threads() {
        return threads;
    }

    CacheSettings settings() {
        return settings;
    }

    @Override
    public Optional<V> get(String key, Loader<V> loader) throws InterruptedException {
        cluster.requireOpen();
        @Nullable CachedEntry<V> entry = entries.getIfPresent(key);
        if (entry == null) {
            Cache.check("key", key);
            return begin(key, loader, false).await();
        }
        if (refreshes
                && entry.isDue(cluster.now(), settings.refreshAfter().toNanos())) { // the time is not asked for nothing
            KeyLoad<V> refresh = begin(key, loader, true);
            log.trace("Cache {} refreshes a value; done already: {}", name, refresh.isDone());
        }
        return entry.value();
    }

    /** The load of {@code key}, which begins unless it is under way. */
    private KeyLoad<V> begin(String key, Loader<V> loader, boolean refresh) {
        while (true) {
            @Nullable KeyLoad<V> there = loads.get(key);
            if (there != null && !there.isDone()) {
                if (!refresh) {
                    coalesced.increment();
                }
                return there;
            }
            if (there != null) {
                ended(there); // it has failed, which its callers may know before it is taken out
            }
            KeyLoad<V> mine = new KeyLoad<>(this, key, loader, refresh, cluster.now());
            if (loads.putIfAbsent(key, mine) == null) {
                start(mine, refresh);
                return mine;
            }
        }
    }

    private void start(KeyLoad<V> load, boolean refresh) {
        @Nullable
        CachedEntry<V> meanwhile = refresh ? null : entries.asMap().get(load.key()); // of one that has just ended
        if (meanwhile != null) {
            ended(load);
            load.complete(meanwhile.value());
        } else if (!cluster.tryAcquire()) {
            load.fail(new TuttiException(
                    ErrorCode.OVERLOADED, ClusterCaches.MAX_LOADS + " values are being loaded", Duration.ofSeconds(1)));
        } else {
            run(load);
        }
    }

    private void run(KeyLoad<V> load) {
        try {
            load.start();
        } catch (Throwable noThread) { // then nothing of it has run
            cluster.release();
            failed.increment();
            load.fail(new TuttiException(
                    ErrorCode.OVERLOADED, "no thread can be had to load a value of cache '" + name + "'", noThread));
        }
    }

    /** Which invalidations of {@code key} this instance knows of. */
    VersionVector version(String key) {
        synchronized (recent) {
            return recent.version(key, cluster.now());
        }
    }

    /** Loads; on the load's thread. */
    Content<V> load(String key, Loader<V> loader) throws Exception {
        loaded.increment();
        try {
            return Content.of(loader.load(key), cluster.codec());
        } catch (Throwable failure) { // of somebody else's code
            failed.increment();
            log.debug("A value of cache {} was not loaded", name, failure);
            throw failure;
        }
    }

    /** The content that another instance has handed over; empty if it cannot be read. */
    Optional<Content<V>> read(Slice handed) {
        Optional<Content<V>> content = parsed(handed);
        content.ifPresent(_ -> coalesced.increment());
        return content;
    }

    private Optional<Content<V>> parsed(Slice frame) {
        try {
            Content<V> content = Content.read(frame, type, cluster.codec());
            return Optional.of(content);
        } catch (RuntimeException unreadable) {
            log.debug("A value of cache {} that another instance loaded cannot be read here", name, unreadable);
            return Optional.empty();
        }
    }

    /** {@code load} has ended: what it found is kept, unless it may be old. */
    void loaded(KeyLoad<V> load, CacheLookup<V> obtained) {
        loads.computeIfPresent(load.key(), (key, there) -> {
            if (!there.equals(load)) {
                return there;
            }
            keep(key, obtained, load.begun());
            return null;
        });
    }

    /** {@code load} has ended, with nothing to keep. */
    void ended(KeyLoad<V> load) {
        loads.remove(load.key(), load);
    }

    /**
     * The answer of the second level for {@code key}. For a refresh it has a value only if that is younger than the one to be
     * replaced. Blocks for a moment.
     */
    StoreLookup<V> lookUp(CacheKey key, boolean refresh) throws InterruptedException {
        @Nullable SecondLevel level = cluster.sender().level();
        if (level == null) {
            return new StoreLookup<>(OptionalLong.empty(), Optional.empty());
        }
        SecondLevel.Lookup found = level.read(key);
        Optional<CacheLookup<V>> value = found.hit()
                .filter(hit -> !refresh || hit.age().compareTo(settings.refreshAfter()) < 0)
                .flatMap(hit -> parsed(hit.frame()).map(content -> new CacheLookup<>(content, hit.age(), hit.left())));
        if (found.token().isPresent()) {
            (value.isPresent() ? hits : misses).increment();
        }
        return new StoreLookup<>(found.token(), value);
    }

    /** Keeps what {@code load} has found in the second level, unless it may be old. Blocks for a moment. */
    void share(KeyLoad<V> load, CacheKey key, long token, Content<V> content) throws InterruptedException {
        @Nullable SecondLevel level = cluster.sender().level();
        Optional<Slice> frame = content.handed();
        if (level != null && frame.isPresent() && load.equals(loads.get(load.key()))) {
            level.write(key, token, frame.get(), content.loaded().tags(), ttl(content));
        }
    }

    private Duration ttl(Content<V> content) {
        boolean present = content.loaded().value().isPresent();
        Duration longest = content.loaded().ttl().orElse(present ? settings.ttl() : settings.negativeTtl());
        return Duration.ofNanos(jittered(longest.toNanos()));
    }

    /** How long a load may be under way, on whichever instance. */
    Duration memory() {
        return settings.loadTimeout().multipliedBy(2).plus(MARGIN);
    }

    private void keep(String key, CacheLookup<V> obtained, long begun) {
        long now = cluster.now();
        Content<V> content = obtained.content();
        Optional<V> value = content.loaded().value();
        long longest = Math.min(ttl(content).toNanos(), obtained.left().toNanos());
        long ttl = Math.min(longest, cluster.trust(begun, now));
        if (ttl > 0) {
            long refreshAt = now + settings.refreshAfter().minus(obtained.age()).toNanos();
            entries.put(
                    key,
                    new CachedEntry<>(
                            value, content.loaded().tags(), weight(key, content), ttl, new AtomicLong(refreshAt)));
        } else {
            entries.invalidate(key);
        }
    }

    private static long jittered(long ttl) {
        return ttl - ThreadLocalRandom.current().nextLong(ttl / 10 + 1);
    }

    private int weight(String key, Content<V> content) {
        long bytes = content.json().length() + 2L * key.length();
        return (int) Math.clamp(bytes, Math.ceilDiv(settings.maxBytes(), settings.maxEntries()), Integer.MAX_VALUE);
    }

    @Override
    public Optional<V> getIfPresent(String key) {
        return Optional.ofNullable(entries.getIfPresent(key)).flatMap(CachedEntry::value);
    }

    @Override
    public void put(String key, Loaded<V> value) {
        Cache.check("key", key);
        Content<V> content = Content.of(value, cluster.codec());
        long begun = cluster.now();
        puts.put(
                key,
                () -> cluster.sender()
                        .replace(this, key, content.handed(), content.loaded().tags(), ttl(content)),
                () -> keep(key, CacheLookup.now(content), begun));
    }

    @Override
    public void invalidate(String key) {
        Cache.check("key", key);
        cluster.sender().invalidate(this, Scope.KEY, key);
    }

    @Override
    public void invalidateTag(String tag) {
        Cache.check("tag", tag);
        cluster.sender().invalidate(this, Scope.TAG, tag);
    }

    @Override
    public void invalidateAll() {
        cluster.sender().invalidate(this, Scope.ALL, "");
    }

    /** Another instance says that values may have changed. */
    void heard(Invalidated what) {
        drop(what);
        heard.increment(); // whoever sees the number finds the values dropped
    }

    /** Drops what may have changed. It is known first, so that no load that begins from now on is taken for one before it. */
    void drop(Invalidated what) {
        know(what);
        switch (what.scope()) {
            case KEY -> {
                puts.disturb(what.name());
                dropKey(what.name());
            }
            case TAG -> {
                puts.disturbAll();
                loads.clear(); // which tags they will have is not known yet
                entries.asMap().values().removeIf(entry -> entry.tags().contains(what.name()));
            }
            case ALL -> dropAll();
        }
    }

    /** A put of this instance replaces a value: drops it, as {@link #drop} does, and leaves the put itself alone. */
    void replaced(Invalidated what) {
        know(what);
        dropKey(what.name());
    }

    private void know(Invalidated what) {
        Optional<String> key = what.scope() == Scope.KEY ? Optional.of(what.name()) : Optional.empty();
        synchronized (recent) {
            recent.heard(what.from(), what.number(), key, cluster.now());
        }
    }

    private void dropKey(String key) {
        loads.remove(key);
        entries.invalidate(key);
    }

    /** Whether {@code key} is being loaded here, for those who miss it now. */
    boolean isLoading(String key) {
        return loads.containsKey(key);
    }

    /** Anything may have changed. */
    void dropAll() {
        puts.disturbAll();
        loads.clear();
        entries.invalidateAll();
    }

    /** Ends the loads that are under way. */
    void close(TuttiException reason) {
        loads.values().forEach(load -> load.fail(reason));
    }
}
