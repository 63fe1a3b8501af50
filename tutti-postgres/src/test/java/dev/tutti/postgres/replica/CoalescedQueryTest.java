package dev.tutti.postgres.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CoalescedQueryTest {
    private static final int CALLERS = 16;
    private static final int TIMES = 5_000;

    @Test
    void noAnswerIsOlderThanWhoAsked() throws Exception {
        AtomicLong committed = new AtomicLong();
        CoalescedQuery<Long> question = new CoalescedQuery<>(committed::get);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                all.add(callers.submit(() -> {
                    for (int time = 0; time < TIMES; time++) {
                        long mine = committed.incrementAndGet();
                        assertThat(question.ask()).isGreaterThanOrEqualTo(mine);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
    }

    @Test
    void allWhoComeWhileItIsAskedShareTheNext() throws Exception {
        AtomicLong asked = new AtomicLong();
        CountDownLatch answered = new CountDownLatch(1);
        CoalescedQuery<Long> question = new CoalescedQuery<>(() -> {
            long time = asked.incrementAndGet();
            answered(answered);
            return time;
        });
        List<Long> answers = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = Thread.ofPlatform().start(() -> answers.add(asked(question)));
            callers.add(caller);
            await().until(() -> caller.getState() == Thread.State.WAITING);
        }

        answered.countDown();

        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(asked).hasValue(2);
        assertThat(answers).hasSize(CALLERS).containsOnlyOnce(1L).contains(2L);
    }

    @Test
    void whoWaitsForOneThatThrowsIsNotGivenTheAnswerBeforeIt() throws Exception {
        AtomicLong asked = new AtomicLong();
        CountDownLatch answered = new CountDownLatch(1);
        CoalescedQuery<Long> question = new CoalescedQuery<>(() -> {
            if (asked.incrementAndGet() > 1) {
                throw new IllegalStateException("broken");
            }
            answered(answered);
            return 1L;
        });
        List<String> answers = new CopyOnWriteArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread caller = Thread.ofPlatform().start(() -> answers.add(outcome(question)));
            callers.add(caller);
            await().until(() -> caller.getState() == Thread.State.WAITING);
        }

        answered.countDown();

        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(answers).containsExactlyInAnyOrder("1", "IllegalStateException", "SQLException");
    }

    private static String outcome(CoalescedQuery<Long> question) {
        try {
            return Long.toString(question.ask());
        } catch (SQLException | IllegalStateException failure) {
            return failure.getClass().getSimpleName();
        }
    }

    private static void answered(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private static long asked(CoalescedQuery<Long> question) {
        try {
            return question.ask();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void afterAFailureItIsAskedAgain() throws Exception {
        AtomicLong asked = new AtomicLong();
        CoalescedQuery<Long> question = new CoalescedQuery<>(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new SQLException("away");
            }
            return asked.get();
        });

        assertThatThrownBy(question::ask).isInstanceOf(SQLException.class).hasRootCauseMessage("away");
        assertThat(question.ask()).isEqualTo(2);
    }
}
