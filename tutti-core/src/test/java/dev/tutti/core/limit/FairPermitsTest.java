package dev.tutti.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FairPermitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<String> served = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refused = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);

    @AfterEach
    void close() {
        first.countDown();
        threads.shutdownNow();
    }

    @Test
    void oneWhoAsksAHundredTimesIsServedOnceWhileEachOtherIs() {
        FairPermits turns = busy(new FairPermits(1, 200, PATIENCE, "busy"));
        ask(turns, "flood", false, 40);
        for (int i = 0; i < 5; i++) {
            ask(turns, "other " + i, false, 1);
        }

        first.countDown();

        await().until(() -> served.size() == 45);
        assertThat(List.copyOf(served).subList(0, 6)).contains("other 0", "other 1", "other 2", "other 3", "other 4");
    }

    @Tag("slow")
    @Test
    void aFloodLeavesPlacesForOthersAndMoreForThoseWhoAreKnown() {
        FairPermits turns = busy(new FairPermits(1, 100, PATIENCE, "busy"));

        flood(turns, "flood", 1_000);
        assertThat(refused.getAndSet(0)).isGreaterThan(900);
        ask(turns, "other", false, 1);
        for (int i = 0; i < 1_000; i++) {
            flood(turns, "address " + i, 1);
        }
        assertThat(refused.getAndSet(0)).isGreaterThan(800);
        ask(turns, "known", true, 1);

        first.countDown();

        await().until(() -> served.contains("known") && served.contains("other"));
        assertThat(List.copyOf(served).indexOf("known")).isLessThan(2);
        assertThat(refused).hasValue(0);
    }

    @Test
    void manyAccountsOfOneAddressLeavePlacesForOthers() {
        FairPermits turns = busy(new FairPermits(1, 64, PATIENCE, "busy"));

        for (int i = 0; i < 10; i++) {
            ask(turns, new FairPermits.Caller("account " + i, true, "one address"), 8);
        }
        assertThat(refused.getAndSet(0)).isPositive();
        ask(turns, "known", true, 1);
        ask(turns, "stranger", false, 1);

        first.countDown();

        await().until(() -> served.contains("known") && served.contains("stranger"));
        assertThat(refused).hasValue(0);
    }

    @Test
    void thoseWhoAreKnownLeavePlacesForStrangers() {
        FairPermits turns = busy(new FairPermits(1, 64, PATIENCE, "busy"));

        for (int i = 0; i < 70; i++) {
            ask(turns, "account " + i, true, 1);
        }
        assertThat(refused.getAndSet(0)).isPositive();
        ask(turns, "stranger", false, 1);

        first.countDown();

        await().until(() -> served.contains("stranger"));
        assertThat(refused).hasValue(0);
    }

    @Test
    void whoWaitsForTooLongIsToldSoAndTakesNobodysTurn() {
        FairPermits turns = busy(new FairPermits(1, 10, Duration.ofMillis(50), "busy"));

        assertThat(refusal(() -> turns.take(new FairPermits.Caller("late", false), () -> served.add("late"))))
                .isEqualTo(ErrorCode.OVERLOADED);
        first.countDown();

        await().ignoreExceptionsInstanceOf(TuttiException.class) // the first may need longer to end than anybody waits
                .until(() -> turns.take(new FairPermits.Caller("next", false), () -> served.add("next")));
        assertThat(served).containsExactly("next");
    }

    /** Whatever fails or gives up, no more run at a time than may, and in the end a turn is free. */
    @Test
    void randomRunsNeverExceedNorLoseATurn() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        FairPermits turns = new FairPermits(3, 50, Duration.ofMillis(5), "busy");
        AtomicInteger going = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Future<?>> all = IntStream.range(0, 2_000)
                .<Future<?>>mapToObj(i -> {
                    FairPermits.Caller caller = new FairPermits.Caller("h" + random.nextInt(20), random.nextBoolean());
                    boolean fails = random.nextInt(10) == 0;
                    return threads.submit(() -> refusal(() -> turns.take(caller, () -> {
                        most.accumulateAndGet(going.incrementAndGet(), Math::max);
                        LockSupport.parkNanos(1);
                        going.decrementAndGet();
                        if (fails) {
                            throw new TuttiException(ErrorCode.INTERNAL, "on purpose");
                        }
                        return true;
                    })));
                })
                .toList();
        for (Future<?> one : all) {
            one.get();
        }

        assertThat(most.get()).as("seed " + seed).isBetween(1, 3);
        assertThat(turns.take(new FairPermits.Caller("last", false), () -> true))
                .isTrue();
    }

    /** Somebody has the only turn until {@link #first}. */
    private FairPermits busy(FairPermits turns) {
        CountDownLatch begun = new CountDownLatch(1);
        var _ = threads.submit(() -> turns.take(new FairPermits.Caller("first", false), () -> {
            begun.countDown();
            try {
                first.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return true;
        }));
        await().until(() -> begun.getCount() == 0);
        return turns;
    }

    private void ask(FairPermits turns, String holder, boolean known, int times) {
        ask(turns, new FairPermits.Caller(holder, known), times);
    }

    private void ask(FairPermits turns, FairPermits.Caller caller, int times) {
        for (int i = 0; i < times; i++) {
            Thread thread = Thread.ofVirtual().start(() -> {
                if (refusal(() -> turns.take(caller, () -> served.add(caller.holder()))) != null) {
                    refused.incrementAndGet();
                }
            });
            // in line, or refused: what comes next comes behind it
            await().pollInterval(Duration.ofMillis(1)).until(() -> switch (thread.getState()) {
                case WAITING, TIMED_WAITING, TERMINATED -> true;
                default -> false;
            });
        }
    }

    private void flood(FairPermits turns, String holder, int times) {
        ask(turns, holder, false, times);
    }

    private static @Nullable ErrorCode refusal(Supplier<?> call) {
        try {
            Object _ = call.get();
            return null;
        } catch (TuttiException failure) {
            return failure.code();
        }
    }
}
