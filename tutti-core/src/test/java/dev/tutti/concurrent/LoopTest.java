package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoopTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    static List<Throwable> everythingThatIsThrown() {
        return List.of(
                new IllegalStateException("as this test wants it"),
                new OutOfMemoryError("as this test wants it"),
                new AssertionError("as this test wants it"),
                new StackOverflowError("as this test wants it"));
    }

    @ParameterizedTest
    @MethodSource("everythingThatIsThrown")
    void aPeriodicTaskGoesOnAndTheFailureIsCounted(Throwable thrown) {
        AtomicInteger runs = new AtomicInteger();
        long before = Failures.count();
        try (Periodic _ = new Periodic("test", AT_ONCE, () -> {
            runs.incrementAndGet();
            LoopTest.<RuntimeException>raise(thrown);
        })) {
            await().until(() -> runs.get() > 3);
        }
        assertThat(Failures.count() - before).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("everythingThatIsThrown")
    void aSerialExecutorRunsTheNextTask(Throwable thrown) {
        SerialExecutor executor = new SerialExecutor("test");
        CountDownLatch ran = new CountDownLatch(1);
        executor.execute(() -> LoopTest.<RuntimeException>raise(thrown));
        executor.execute(ran::countDown);
        await().until(() -> ran.getCount() == 0);
    }

    @Test
    void anInterruptThatAStepLeavesBehindDoesNotEndTheLoop() {
        AtomicInteger steps = new AtomicInteger();
        try (Loop _ = new Loop(Loop.platform("test"), AT_ONCE, () -> {
                    steps.incrementAndGet();
                    Thread.currentThread().interrupt();
                    return AT_ONCE;
                })
                .start()) {
            await().until(() -> steps.get() > 3);
        }
    }

    @Test
    void anInterruptThatATaskLeavesBehindIsNotTheNextTasks() {
        SerialExecutor executor = new SerialExecutor("test");
        AtomicInteger seen = new AtomicInteger(-1);
        executor.execute(() -> Thread.currentThread().interrupt());
        executor.execute(() -> seen.set(Thread.currentThread().isInterrupted() ? 1 : 0));
        await().until(() -> seen.get() >= 0);
        assertThat(seen).hasValue(0);
    }

    @Test
    void aClosedLoopTakesNoOtherStep() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        AtomicInteger steps = new AtomicInteger();
        Loop loop = new Loop(Loop.virtual("test"), AT_ONCE, () -> {
                    steps.incrementAndGet();
                    entered.countDown();
                    new CountDownLatch(1).await(); // until it is interrupted
                    return AT_ONCE;
                })
                .start();
        entered.await();
        loop.close(Duration.ZERO);
        assertThat(loop.ended(Duration.ofSeconds(10))).isTrue();
        assertThat(steps).hasValue(1);
    }

    @Test
    void aStepCanBeTheLast() {
        Loop loop = new Loop(Loop.platform("test"), AT_ONCE, () -> Loop.END).start();
        assertThat(loop.ended(Duration.ofSeconds(10))).isTrue();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
