package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    @Test
    void aTaskThatThereIsNoMemoryForIsRefusedAndAllOthersRun() throws IOException {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx16m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullHeap.class.getName())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said).containsPattern("first true, ([1-9][0-9]*) of \\1 others");
        } finally {
            program.destroy();
        }
    }
}
