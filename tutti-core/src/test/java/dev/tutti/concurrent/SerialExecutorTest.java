package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {
    private final SerialExecutor executor = new SerialExecutor("test");

    @Test
    void tasksRunOneAtATimeAndInOrder() {
        List<Integer> order = new CopyOnWriteArrayList<>();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        IntStream.range(0, 2_000)
                .forEach(n -> executor.execute(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    order.add(n);
                    running.decrementAndGet();
                }));
        await().until(() -> order.size() == 2_000);
        assertThat(order).isSorted();
        assertThat(most).hasValue(1);
    }

    @Test
    void aTaskThatFailsDoesNotStopTheNext() {
        List<String> ran = new CopyOnWriteArrayList<>();
        executor.execute(() -> {
            throw new IllegalStateException("as this test wants it");
        });
        executor.execute(() -> ran.add("next"));
        await().until(() -> ran.contains("next"));
    }
}
