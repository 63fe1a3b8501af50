package dev.tutti.bench.cluster;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.subject.TargetCommand;
import dev.tutti.cache.Loaded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Two instances in this process whose callers wait for what a third one loads, which is a process of its own and is killed
 * meanwhile. For use by one thread.
 */
final class KilledLoader implements AutoCloseable {
    /** Connections to the database, of all instances together. */
    static final int CONNECTIONS = CachingInstance.CONNECTIONS;

    /** A loader that was killed, and the one after it. */
    private static final int LOADS = 2;

    private static final int WAITING = 2; // the instances in this process, each for all of its callers
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofMillis(20);

    /**
     * The outcome of a round.
     *
     * @param loads how often the loader was called, that of the process that was killed included
     * @param waits from the kill until a caller had the value, in nanoseconds
     */
    record Round(int loads, Histogram waits) {}

    private final Map<String, String> environment;
    private final List<CachingInstance> waiting = new ArrayList<>();

    KilledLoader(String database, String redis) {
        environment = Map.of(TargetCommand.DATABASE, database, TargetCommand.REDIS, redis);
        try {
            for (int i = 0; i < WAITING; i++) {
                waiting.add(new CachingInstance(database, redis));
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /**
     * Has a new process load {@code key}, lets {@code callers} at the other instances miss it as well, and kills the process.
     *
     * @param load how long the next load takes
     * @throws BenchException if it is not loaded exactly once more, or a caller gets no value
     */
    Round round(String key, int callers, Duration load) throws InterruptedException {
        AtomicInteger loads = new AtomicInteger();
        AtomicLong killed = new AtomicLong();
        ConcurrentHistogram waits = new ConcurrentHistogram(3);
        try (Child loader = Child.java(environment, "loader");
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            await("the instances find each other", () -> knowEachOther(loader));
            loader.ask("load", key);
            loads.incrementAndGet();
            List<Future<?>> calls = new ArrayList<>();
            AtomicInteger called = new AtomicInteger();
            for (int i = 0; i < callers; i++) {
                CachingInstance instance = waiting.get(i % WAITING);
                calls.add(threads.submit(() -> {
                    called.incrementAndGet();
                    requireValue(instance.cache().get(key, _ -> {
                        loads.incrementAndGet();
                        Pauses.of(load);
                        return Loaded.of(key);
                    }));
                    waits.recordValue(System.nanoTime() - killed.get());
                    return key;
                }));
            }
            await("all callers wait", () -> called.get() == callers && waitingFor(loader) == WAITING);
            requireLoads(1, loads.get());
            killed.set(System.nanoTime());
            loader.kill();
            for (Future<?> call : calls) {
                call.get();
            }
        } catch (ExecutionException failure) {
            throw new BenchException("a caller failed", failure.getCause() == null ? failure : failure.getCause());
        }
        requireLoads(LOADS, loads.get());
        return new Round(loads.get(), waits);
    }

    private boolean knowEachOther(Child loader) {
        return waiting.stream().allMatch(instance -> instance.others() == WAITING)
                && loader.ask("others").number("others") == WAITING;
    }

    private long waitingFor(Child loader) {
        return loader.ask("waiting").number("waiting")
                + waiting.stream().mapToInt(CachingInstance::waiting).sum();
    }

    private static void requireValue(Optional<String> value) {
        if (value.isEmpty()) {
            throw new BenchException("a caller got no value");
        }
    }

    /** Waiting times of something else would say nothing. */
    private static void requireLoads(int expected, int loads) {
        if (loads != expected) {
            throw new BenchException("the key was loaded " + loads + " times instead of " + expected);
        }
    }

    private static void await(String what, BooleanSupplier reached) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new BenchException("not within " + PATIENCE + ": " + what);
            }
            Pauses.of(MOMENT);
        }
    }

    @Override
    public void close() {
        waiting.forEach(CachingInstance::close);
    }
}
