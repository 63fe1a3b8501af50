package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeartbeatsTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final Heartbeats heartbeats = new Heartbeats(Duration.ofMillis(32));

    @AfterEach
    void close() {
        heartbeats.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void everybodyIsCalledAgainAndAgainUntilTheyLeave() throws Exception {
        List<AtomicInteger> beats = new ArrayList<>();
        List<Handle> registrations = loop.submit(() -> {
                    List<Handle> all = new ArrayList<>();
                    for (int i = 0; i < 100; i++) {
                        AtomicInteger count = new AtomicInteger();
                        beats.add(count);
                        all.add(heartbeats.add(loop, count::incrementAndGet));
                    }
                    return all;
                })
                .get();
        Awaitility.await().until(() -> beats.stream().allMatch(count -> count.get() >= 3));
        int[] stopped = loop.submit(() -> {
                    registrations.forEach(Handle::close);
                    registrations.forEach(Handle::close);
                    return beats.stream().mapToInt(AtomicInteger::get).toArray();
                })
                .get();
        AtomicInteger later = new AtomicInteger();
        loop.submit(() -> heartbeats.add(loop, later::incrementAndGet)).get();
        Awaitility.await().until(() -> later.get() >= 3);
        assertThat(beats.stream().mapToInt(AtomicInteger::get).toArray()).isEqualTo(stopped);
    }

    /** Strangers who come and go would fill the heap until the turns of their connections come. */
    @Test
    void aConnectionThatLeavesIsLetGoOfBeforeItsTurn() throws Exception {
        try (Heartbeats seldom = new Heartbeats(Duration.ofHours(1))) {
            WeakReference<AtomicInteger> left = loop.submit(() -> {
                        AtomicInteger connection = new AtomicInteger();
                        seldom.add(loop, connection::incrementAndGet).close();
                        return new WeakReference<>(connection);
                    })
                    .get();
            Awaitility.await().until(() -> {
                System.gc();
                return left.get() == null;
            });
        }
    }
}
