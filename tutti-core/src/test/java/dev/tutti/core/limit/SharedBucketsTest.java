package dev.tutti.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import dev.tutti.memory.MemoryBackend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Buckets of a process that cannot always have a thread. */
class SharedBucketsTest {
    private static final RateLimit LIMIT = RateLimit.of(30, Duration.ofHours(1));
    private static final int MORE_THAN_CALLS_AT_ONCE = 100;
    private static final long LONG = 30;

    private final LimitStore store = MemoryBackend.open().limits().orElseThrow();
    private final AtomicInteger threads = new AtomicInteger(); // that there are still
    private final AtomicLong nanos = new AtomicLong();
    private final SharedBuckets buckets = buckets(this::execute, Duration.ofSeconds(LONG));

    private SharedBuckets buckets(Executor threads, Duration patience) {
        return new SharedBuckets(store, threads, patience, nanos::get, new SimpleMeterRegistry());
    }

    private void execute(Runnable task) {
        if (threads.getAndDecrement() <= 0) {
            throw new RejectedExecutionException("no thread can be had");
        }
        Thread.startVirtualThread(task);
    }

    private Optional<Taken> take() throws Exception {
        return taking(buckets, "ann").get(LONG, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Optional<Taken>> taking(SharedBuckets buckets, String bucket) {
        CompletableFuture<Optional<Taken>> taken = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                taken.complete(buckets.take(bucket, LIMIT));
            } catch (Throwable failure) {
                taken.completeExceptionally(failure);
            }
        });
        return taken;
    }

    @Test
    void aBucketIsAskedForAgainAfterThereWasNoThreadToAskForIt() throws Exception {
        for (int i = 0; i < MORE_THAN_CALLS_AT_ONCE; i++) {
            assertThat(take()).isEmpty();
        }
        threads.set(Integer.MAX_VALUE);
        assertThat(take().map(Taken::granted)).contains(1L);
    }

    @Test
    void aBucketIsAskedForAgainAfterThereWasNoThreadForWhatFollowsTheAnswer() throws Exception {
        threads.set(1);
        assertThat(take()).isEmpty();

        threads.set(Integer.MAX_VALUE);
        assertThat(take().map(Taken::granted)).contains(1L);
    }

    @Test
    void aTokenThatCannotBeGivenBackForWantOfAThreadIsForgotten() throws Exception {
        buckets.giveBack("ann", LIMIT);

        threads.set(Integer.MAX_VALUE);
        assertThat(take().map(Taken::remaining)).contains(29L);
    }

    @Test
    void callsThatHaveWaitedForTheirThreadsForTooLongAreNotMadeAndOthersAreAfterwards() throws Exception {
        Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        AtomicBoolean busy = new AtomicBoolean(true);
        SharedBuckets slow = buckets(
                task -> {
                    if (busy.get()) {
                        held.add(task);
                    } else {
                        task.run();
                    }
                },
                SharedBuckets.PATIENCE);
        List<CompletableFuture<Optional<Taken>>> late = IntStream.range(0, MORE_THAN_CALLS_AT_ONCE)
                .mapToObj(i -> taking(slow, "bucket " + i))
                .toList();
        for (CompletableFuture<Optional<Taken>> each : late) {
            assertThat(each.get(LONG, TimeUnit.SECONDS)).isEmpty();
        }
        busy.set(false);
        held.forEach(Runnable::run);

        nanos.addAndGet(Duration.ofSeconds(2).toNanos()); // the breaker lets one find out
        Optional<Taken> next = taking(slow, "bucket 0").get(LONG, TimeUnit.SECONDS);

        assertThat(next.map(Taken::remaining)).contains(29L);
    }

    @Test
    void callsAreTimedByTheTicker() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        LimitStore slow = (bucket, limit, wanted) -> {
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
            return store.take(bucket, limit, wanted);
        };
        SharedBuckets timed = new SharedBuckets(slow, Runnable::run, Duration.ofSeconds(LONG), nanos::get, meters);

        assertThat(taking(timed, "ann").get(LONG, TimeUnit.SECONDS)).isPresent();
        assertThat(meters.get("tutti.limit.store.time").timer().totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
    }
}
