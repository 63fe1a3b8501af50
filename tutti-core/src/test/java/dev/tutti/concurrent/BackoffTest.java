package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Backoff backoff = new Backoff(SECOND, SECOND.multipliedBy(5));

    @Test
    void pausesDoubleUpToTheLongest() {
        assertThat(IntStream.rangeClosed(1, 5).mapToObj(backoff::pause))
                .containsExactly(
                        SECOND,
                        SECOND.multipliedBy(2),
                        SECOND.multipliedBy(4),
                        SECOND.multipliedBy(5),
                        SECOND.multipliedBy(5));
        assertThat(backoff.pause(Integer.MAX_VALUE)).isEqualTo(SECOND.multipliedBy(5));
    }

    @Test
    void theLongestBoundsTheFirst() {
        assertThat(new Backoff(SECOND, Duration.ofMillis(100)).pause(1)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void jitterTakesAwayHalfAtMost() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(backoff.jittered(2)).isBetween(SECOND, SECOND.multipliedBy(2));
        }
    }

    @Test
    void thoseThatFailedTogetherDoNotComeBackTogether() {
        assertThat(IntStream.range(0, 1_000).mapToObj(_ -> backoff.jittered(1)).distinct())
                .hasSizeGreaterThan(10);
    }

    @Test
    void aPauseOfNothingIsRefused() {
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, SECOND))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT0S to PT1S");
    }
}
