package dev.tutti.core.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import dev.tutti.memory.MemoryBackend;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Buckets of a process that cannot always have a thread. */
class SharedBucketsTest {
    private static final RateLimit LIMIT = RateLimit.of(30, Duration.ofHours(1));
    private static final int MORE_THAN_CALLS_AT_ONCE = 100;
    private static final long LONG = 30;

    private final LimitStore store = MemoryBackend.open().limits().orElseThrow();
    private final AtomicInteger threads = new AtomicInteger(); // that there are still
    private final SharedBuckets buckets =
            new SharedBuckets(store, this::execute, System::nanoTime, new SimpleMeterRegistry());

    private void execute(Runnable task) {
        if (threads.getAndDecrement() <= 0) {
            throw new RejectedExecutionException("no thread can be had");
        }
        Thread.startVirtualThread(task);
    }

    private Optional<Taken> take() throws Exception {
        CompletableFuture<Optional<Taken>> taken = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                taken.complete(buckets.take("ann", LIMIT));
            } catch (Throwable failure) {
                taken.completeExceptionally(failure);
            }
        });
        return taken.get(LONG, TimeUnit.SECONDS);
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
}
