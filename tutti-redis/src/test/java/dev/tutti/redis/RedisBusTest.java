package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bus.Bus;
import dev.tutti.tck.BusContract;
import dev.tutti.tck.BusEnd;
import dev.tutti.tck.BusEnds;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bus on one server. */
class RedisBusTest implements BusContract {
    private static final int MORE_THAN_ON_THE_WAY = 10_001;

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
    void aTopicIsHeardThatIsTakenWhileAnotherLeavesIt() throws InterruptedException {
        AtomicReference<GatedTransport> gated = new AtomicReference<>();
        try (BusEnds ends = new BusEnds(() -> bus(gated))) {
            BusEnd publisher = ends.start();
            BusEnd listener = ends.start();
            BusEnds.connect(publisher, listener, "topic");
            GatedTransport transport = Objects.requireNonNull(gated.get()); // the listener's
            transport.hold();
            Thread leaving = Thread.ofPlatform().start(() -> listener.unsubscribe("topic"));
            BusEnds.until("one who leaves", transport::isHolding);
            Thread taking = Thread.ofPlatform().start(() -> listener.subscribe("topic"));
            BusEnds.until(
                    "one who has taken it, or waits for the other",
                    () -> !taking.isAlive() || waitsFor(taking, leaving));

            transport.release();
            leaving.join();
            taking.join();

            BusEnds.hears(publisher, listener, "topic");
        }
    }

    private static boolean waitsFor(Thread one, Thread other) {
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(one.threadId());
        return info != null && info.getLockOwnerId() == other.threadId();
    }

    @Test
    void messagesThatTheTransportRefusesAreLostAndTakeNoRoomFromLaterOnes() {
        AtomicReference<GatedTransport> gated = new AtomicReference<>();
        try (BusEnds ends = new BusEnds(() -> bus(gated))) {
            BusEnd listener = ends.start();
            BusEnd publisher = ends.start();
            BusEnds.connect(publisher, listener, "topic");
            GatedTransport transport = Objects.requireNonNull(gated.get()); // the publisher's
            long before = publisher.bus().counts().dropped();
            transport.refuse(true);
            for (int i = 0; i < MORE_THAN_ON_THE_WAY; i++) {
                publisher.publish("topic", "lost");
            }
            transport.refuse(false);

            assertThat(publisher.bus().counts().dropped() - before).isEqualTo(MORE_THAN_ON_THE_WAY);
            BusEnds.hears(publisher, listener, "topic");
            assertThat(listener.heard(new BusEnd.Gap())).isTrue();
        }
    }

    private static RedisBus bus(AtomicReference<GatedTransport> gated) {
        return new RedisBus(RedisSettings.of(RedisAddress.parse("redis://127.0.0.1:" + redis.port())), transport -> {
            GatedTransport last = new GatedTransport(transport);
            gated.set(last);
            return last;
        });
    }
}
