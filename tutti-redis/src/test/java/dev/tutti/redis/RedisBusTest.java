package dev.tutti.redis;

import dev.tutti.bus.Bus;
import dev.tutti.tck.BusContract;
import dev.tutti.tck.BusEnd;
import dev.tutti.tck.BusEnds;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bus on one server. */
class RedisBusTest implements BusContract {
    private static final int TOPICS = 10_000;

    private static RedisProcess redis;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException, InterruptedException {
        redis = RedisProcess.server(directory);
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @Override
    public Bus open() {
        return RedisEnds.at("redis://127.0.0.1:" + redis.port());
    }

    @Override
    public void interrupt(Bus end) {
        RedisEnds.cut(end, List.of(redis));
    }

    @Test
    @Tag("long")
    void aTopicIsHeardAfterItWasLeftByOneAndTakenByAnotherAtTheSameTime() throws InterruptedException {
        List<String> topics =
                IntStream.range(0, TOPICS).mapToObj(each -> "topic-" + each).toList();
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd listener = ends.start();
            topics.forEach(listener::subscribe);
            AtomicInteger arrived = new AtomicInteger();
            Thread leaving = Thread.ofPlatform().start(() -> {
                for (int each = 0; each < TOPICS; each++) {
                    meet(arrived, each);
                    listener.unsubscribe(topics.get(each));
                }
            });
            for (int each = 0; each < TOPICS; each++) {
                meet(arrived, each);
                listener.subscribe(topics.get(each));
            }
            leaving.join();
            topics.forEach(listener::subscribe); // whichever was the last

            BusEnds.until("all topics", () -> {
                Set<String> heard =
                        listener.messages().stream().map(BusEnd.Message::topic).collect(Collectors.toSet());
                List<String> silent =
                        topics.stream().filter(topic -> !heard.contains(topic)).toList();
                silent.forEach(topic -> publisher.publish(topic, "there"));
                return silent.isEmpty();
            });
        }
    }

    /** Waits, awake, until both have come to the same topic: a thread that has to be woken comes too late to be between. */
    private static void meet(AtomicInteger arrived, int each) {
        arrived.incrementAndGet();
        while (arrived.get() < 2 * (each + 1)) {
            Thread.onSpinWait();
        }
    }
}
