package dev.tutti.bench.cluster;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Loaded;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.redis.RedisBackend;
import dev.tutti.redis.RedisUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Three instances in this process, whose bus and second level are one Redis, and a cache of theirs. For use by one thread. */
final class CacheGroup implements AutoCloseable {
    private static final int SIZE = 3;
    private static final Duration READY = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final int CALLERS = 30;
    private static final int KEYS = 100_000_000;

    private final List<Tutti> instances = new ArrayList<>();
    private final List<Cache<String>> caches = new ArrayList<>();

    CacheGroup(String redis) {
        MemoryBackend first = MemoryBackend.open();
        for (int i = 0; i < SIZE; i++) {
            Tutti instance = Tutti.on(i == 0 ? first : first.another())
                    .with(RedisBackend.open(redis, RedisUse.BUS, RedisUse.CACHE))
                    .secret("a secret of the benchmark, and of no one else")
                    .start();
            instances.add(instance);
            caches.add(instance.caches().cache("bench", CacheSettings.DEFAULT, String.class));
        }
        long end = System.nanoTime() + READY.toNanos();
        while (!ready()) {
            if (System.nanoTime() - end > 0) {
                throw new BenchException("the instances do not find each other");
            }
            Pauses.of(MOMENT);
        }
    }

    private boolean ready() {
        return instances.stream().allMatch(each -> each.members().others().size() == SIZE - 1)
                && get(0, "ready", Duration.ZERO)
                && instances
                                .getFirst()
                                .meters()
                                .counter("tutti.cache.store.misses", "cache", "bench")
                                .count()
                        > 0;
    }

    private boolean get(int instance, String key, Duration load) {
        try {
            return caches.get(instance)
                    .get(key, _ -> {
                        Pauses.of(load);
                        return Loaded.of("value of " + key);
                    })
                    .isPresent();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** How long it takes from an invalidation at one until another one has dropped the value. */
    Histogram invalidations(int count) {
        Histogram latencies = new Histogram(3);
        for (int i = 0; i < count; i++) {
            String key = "invalidated " + i;
            boolean kept = get(0, key, Duration.ZERO) && get(1, key, Duration.ZERO);
            if (!kept || caches.get(1).getIfPresent(key).isEmpty()) {
                throw new BenchException("a value was not kept");
            }
            long began = System.nanoTime();
            caches.get(0).invalidate(key);
            while (caches.get(1).getIfPresent(key).isPresent()) {
                Thread.onSpinWait();
            }
            latencies.recordValue(System.nanoTime() - began);
        }
        return latencies;
    }

    /** How long {@code count} callers wait who miss one key at the same time; {@code loads} counts what is loaded, in so long each. */
    Histogram misses(String key, int count, Duration load, AtomicInteger loads) throws InterruptedException {
        ConcurrentHistogram latencies = new ConcurrentHistogram(3);
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Cache<String> cache = caches.get(i % SIZE);
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    start.await();
                    long began = System.nanoTime();
                    var _ = cache.get(key, _ -> {
                        loads.incrementAndGet();
                        Pauses.of(load);
                        return Loaded.of("value");
                    });
                    latencies.recordValue(System.nanoTime() - began);
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        start.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        return latencies;
    }

    /** Callers at all instances, each of whose calls misses, for {@code time}; {@code failures} counts those that fail. */
    Histogram calls(Duration time, Duration load, LongAdder failures) throws InterruptedException {
        ConcurrentHistogram latencies = new ConcurrentHistogram(3);
        CountDownLatch over = new CountDownLatch(1);
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            int instance = i % SIZE;
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    while (!over.await(MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
                        long began = System.nanoTime();
                        if (!called(instance, load)) {
                            failures.increment();
                        }
                        latencies.recordValue(System.nanoTime() - began);
                    }
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        Pauses.of(time);
        over.countDown();
        for (Thread caller : callers) {
            caller.join();
        }
        return latencies;
    }

    private boolean called(int instance, Duration load) {
        try {
            return get(instance, "key " + ThreadLocalRandom.current().nextInt(KEYS), load);
        } catch (RuntimeException failure) {
            return false;
        }
    }

    @Override
    public void close() {
        instances.forEach(Tutti::close);
    }
}
