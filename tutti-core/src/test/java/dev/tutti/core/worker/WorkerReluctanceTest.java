package dev.tutti.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.core.Tutti;
import dev.tutti.lease.Lease;
import dev.tutti.memory.MemoryBackend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A worker that fails, and for how long its lease must have been free before it is taken here again. */
class WorkerReluctanceTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration OTHERS_FIRST = Duration.ofMillis(300);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Tutti tutti = Tutti.on(MemoryBackend.open()).start();
    private final AtomicLong nanos = new AtomicLong(); // passes on the worker's thread alone
    private final Queue<Duration> passing = new ConcurrentLinkedQueue<>(); // each time that the lease is not granted
    private final List<Duration> freeFors = new CopyOnWriteArrayList<>(); // of each time that it is asked for
    private final ClusterWorkers workers = new ClusterWorkers(
            this::acquire,
            tutti.members(),
            new SharedBus(new NoBus(), () -> true, Optional.empty(), meters),
            WorkerSettings.DEFAULT,
            nanos::get,
            meters);

    @AfterEach
    void close() {
        workers.close();
        tutti.close();
    }

    /** Grants it once. */
    private Optional<Lease> acquire(String name, Supplier<Duration> freeFor, Duration patience, Semaphore places)
            throws InterruptedException {
        freeFors.add(freeFor.get());
        if (freeFors.size() == 1) {
            places.acquire();
            return tutti.leases().tryAcquire(name);
        }
        @Nullable Duration time = passing.poll();
        if (time == null) {
            new CountDownLatch(1).await(); // until the worker is closed
        } else {
            nanos.addAndGet(time.toNanos());
        }
        return Optional.empty();
    }

    @Test
    void whatFailedHereIsLeftToOthersForFiveMinutes() {
        passing.addAll(List.of(Duration.ofMinutes(5).minusNanos(1), Duration.ofNanos(1)));

        workers.singleton("frail", _ -> {
            throw new IllegalStateException("as this test wants it");
        });

        await().atMost(LONG).until(() -> freeFors.size() == 4);
        assertThat(freeFors).containsExactly(Duration.ZERO, OTHERS_FIRST, OTHERS_FIRST, Duration.ZERO);
    }

    @Test
    void whatRanForMoreThanAMinuteIsTakenAgainAtOnce() {
        workers.singleton("frail", _ -> {
            nanos.addAndGet(Duration.ofMinutes(1).toNanos() + 1);
            throw new IllegalStateException("as this test wants it");
        });

        await().atMost(LONG).until(() -> freeFors.size() == 2);
        assertThat(freeFors).containsExactly(Duration.ZERO, Duration.ZERO);
    }
}
