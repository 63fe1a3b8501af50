package dev.tutti.socketio.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.concurrent.SerialExecutor;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class HandlerQueueTest {
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @Test
    void itIsFullWithSoManyTasksAndTellsWhenThereIsRoom() throws Exception {
        HandlerQueue handlers = new HandlerQueue(new SerialExecutor("test"), 4, 1_000, () -> log.add("room"));
        handlers.add(this::block, 1);
        begun.await();

        assertThat(handlers.add(() -> log.add("1"), 1)).isTrue();
        assertThat(handlers.add(() -> log.add("2"), 1)).isTrue();
        assertThat(handlers.add(() -> log.add("3"), 1)).isTrue();
        assertThat(handlers.add(() -> log.add("4"), 1)).as("is full now").isFalse();
        assertThat(handlers.isFull()).isTrue();
        assertThat(handlers.add(() -> log.add("5"), 1))
                .as("takes it all the same")
                .isFalse();
        go.countDown();

        for (String expected : new String[] {"1", "2", "room", "3", "4", "5"}) {
            assertThat(log.take()).isEqualTo(expected);
        }
        assertThat(handlers.isFull()).isFalse();
    }

    @Test
    void itIsFullWithSoManyBytes() throws Exception {
        HandlerQueue handlers = new HandlerQueue(new SerialExecutor("test"), 100, 1_000, () -> log.add("room"));
        handlers.add(this::block, 1);
        begun.await();

        assertThat(handlers.add(() -> log.add("1"), 999)).isTrue();
        assertThat(handlers.add(() -> log.add("2"), 1)).isFalse();
        go.countDown();

        assertThat(log.take()).isEqualTo("room");
        assertThat(log.take()).isEqualTo("1");
        assertThat(log.take()).isEqualTo("2");
    }

    @Test
    void aTaskThatFailsDoesNotKeepTheNextOneFromRunning() throws Exception {
        HandlerQueue handlers = new HandlerQueue(new SerialExecutor("test"), 100, 1_000, () -> {});

        handlers.add(
                () -> {
                    throw new IllegalStateException("as planned");
                },
                1);
        handlers.add(() -> log.add("next"), 1);

        assertThat(log.take()).isEqualTo("next");
    }

    private void block() {
        begun.countDown();
        try {
            go.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
