package dev.tutti.socketio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.flow.TokenBucket;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MessageRateLimiterTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(); // its event loop has a clock that is moved by hand
    private long now;
    private int ends;

    MessageRateLimiterTest() {
        channel.freezeTime();
    }

    private MessageRateLimiter rateLimiter(int perSecond, int burst) {
        return new MessageRateLimiter(
                new TokenBucket.Rate(perSecond, burst), channel.eventLoop(), () -> now, () -> ends++);
    }

    private void pass(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aClientWithinItsRateIsNeverHeld() {
        MessageRateLimiter rateLimiter = rateLimiter(10, 5);
        for (int i = 0; i < 100; i++) {
            assertThat(rateLimiter.received()).isTrue();
            pass(100);
        }
        assertThat(rateLimiter.isOn()).isFalse();
        assertThat(ends).isZero();
    }

    @Test
    void theFirstOfTooManyIsToldAndAllAreMadeUpFor() {
        MessageRateLimiter rateLimiter = rateLimiter(10, 5);
        for (int i = 0; i < 5; i++) {
            assertThat(rateLimiter.received()).isTrue();
        }
        assertThat(rateLimiter.received()).isFalse();
        assertThat(rateLimiter.received()).as("it is known already").isTrue();
        assertThat(rateLimiter.received()).isTrue();

        pass(250);
        assertThat(rateLimiter.isOn()).as("two of three are made up for").isTrue();
        assertThat(ends).isZero();
        pass(100);
        assertThat(rateLimiter.isOn()).isFalse();
        assertThat(ends).isEqualTo(1);
        assertThat(rateLimiter.received()).as("the rate holds on").isFalse();
    }

    @Test
    void whateverComesTheRateHoldsAndTheEndIsToldOncePerHold() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        MessageRateLimiter rateLimiter = rateLimiter(100, 20);
        int free = 0;
        int holds = 0;
        for (int i = 0; i < 20_000; i++) {
            if (!rateLimiter.isOn()) {
                free++;
            }
            if (!rateLimiter.received()) {
                holds++;
            }
            if (random.nextInt(4) == 0) {
                pass(random.nextInt(60));
            }
            assertThat(ends).isEqualTo(rateLimiter.isOn() ? holds - 1 : holds);
        }
        assertThat(free).isLessThanOrEqualTo((int) (20 + TimeUnit.NANOSECONDS.toMillis(now) / 10 + holds));
        for (int i = 0; i < 20_000 && rateLimiter.isOn(); i++) {
            pass(10); // one message is made up for
        }
        assertThat(rateLimiter.isOn()).as("it always ends").isFalse();
    }
}
