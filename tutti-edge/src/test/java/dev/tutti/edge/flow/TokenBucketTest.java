package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aBurstThenTheRate() {
        long now = Long.MAX_VALUE - SECOND; // nanoTime may overflow
        TokenBucket bucket = new TokenBucket(new TokenBucket.Rate(10, 5), now);
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.take(now)).isTrue();
        }
        assertThat(bucket.take(now)).isFalse();
        assertThat(bucket.pause(now)).isEqualTo(Duration.ofMillis(100));
        now += SECOND / 10;
        assertThat(bucket.pause(now)).isEqualTo(Duration.ZERO);
        assertThat(bucket.take(now)).isTrue();
        assertThat(bucket.take(now)).isFalse();
        now += 100 * SECOND;
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.take(now)).isTrue();
        }
        assertThat(bucket.take(now)).isFalse();
    }

    @Test
    void neverMoreThanTheRateAndTheBurst() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long start = random.nextLong();
        TokenBucket bucket = new TokenBucket(new TokenBucket.Rate(100, 20), start);
        long passed = 0;
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            passed += random.nextLong(SECOND / 200);
            taken += bucket.take(start + passed) ? 1 : 0;
            assertThat(taken).as("seed " + seed).isLessThanOrEqualTo((int) (passed * 100 / SECOND) + 21);
        }
        assertThat((long) taken).as("seed " + seed).isGreaterThan(passed * 99 / SECOND);
    }

    @Test
    void aRateMustBePositive() {
        assertThatThrownBy(() -> new TokenBucket.Rate(0, 1)).hasMessageContaining("0 per second");
    }
}
