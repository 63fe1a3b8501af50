package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.flow.TokenBucket;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(); // its event loop has a clock that is moved by hand
    private long now;
    private int ends;

    ThrottleTest() {
        channel.freezeTime();
    }

    private Throttle throttle(int perSecond, int burst) {
        return new Throttle(new TokenBucket.Rate(perSecond, burst), channel.eventLoop(), () -> now, () -> ends++);
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aClientWithinItsRateIsNeverHeld() {
        Throttle throttle = throttle(10, 5);
        for (int i = 0; i < 100; i++) {
            assertThat(throttle.received()).isTrue();
            pass(100);
        }
        assertThat(throttle.isOn()).isFalse();
        assertThat(ends).isZero();
    }

    @Test
    void theFirstOfTooManyIsToldAndAllAreMadeUpFor() {
        Throttle throttle = throttle(10, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(throttle.received()).isTrue();
        }
        assertThat(throttle.received()).isFalse();
        assertThat(throttle.received()).as("it is known already").isTrue();
        assertThat(throttle.received()).isTrue();

        pass(250);
        assertThat(throttle.isOn()).as("two of three are made up for").isTrue();
        assertThat(ends).isZero();
        pass(100);
        assertThat(throttle.isOn()).isFalse();
        assertThat(ends).isEqualTo(1);
        assertThat(throttle.received()).as("the rate holds on").isFalse();
    }

    @Test
    void whateverComesTheRateHoldsAndTheEndIsToldOncePerHold() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Throttle throttle = throttle(100, 20);
        int free = 0;
        int holds = 0;
        for (int i = 0; i < 20_000; i++) {
            if (!throttle.isOn()) {
                free++;
            }
            if (!throttle.received()) {
                holds++;
            }
            if (random.nextInt(4) == 0) {
                pass(random.nextInt(60));
            }
            assertThat(ends).isEqualTo(throttle.isOn() ? holds - 1 : holds);
        }
        assertThat(free).isLessThanOrEqualTo((int) (20 + TimeUnit.NANOSECONDS.toMillis(now) / 10 + holds));
        for (int i = 0; i < 20_000 && throttle.isOn(); i++) {
            pass(10); // one message is made up for
        }
        assertThat(throttle.isOn()).as("it always ends").isFalse();
    }
}
