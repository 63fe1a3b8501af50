package dev.tutti.postgres.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedQuestionTest {
    private static final int CALLERS = 16;
    private static final int TIMES = 5_000;

    @Test
    void noAnswerIsOlderThanWhoAsked() throws Exception {
        AtomicLong committed = new AtomicLong();
        AtomicLong asked = new AtomicLong();
        SharedQuestion<Long> question = new SharedQuestion<>(() -> {
            asked.incrementAndGet();
            long answer = committed.get();
            Thread.yield();
            return answer;
        });
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
        assertThat(asked).hasValueLessThan(CALLERS * TIMES);
    }

    @Test
    void afterAFailureItIsAskedAgain() throws Exception {
        AtomicLong asked = new AtomicLong();
        SharedQuestion<Long> question = new SharedQuestion<>(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new SQLException("away");
            }
            return asked.get();
        });

        assertThatThrownBy(question::ask).isInstanceOf(SQLException.class).hasRootCauseMessage("away");
        assertThat(question.ask()).isEqualTo(2);
    }
}
