package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void itIsOverWhenNothingIsLeft() {
        Deadline now = Deadline.in(Duration.ZERO);
        assertThat(now.isOver()).isTrue();
        assertThat(now.left()).isZero();
    }

    @Test
    void anEarlierOneIsOverSooner() {
        Deadline far = Deadline.in(HOUR.multipliedBy(2));
        assertThat(far.isOver()).isFalse();
        assertThat(far.minus(HOUR).isOver()).isFalse();
        assertThat(far.minus(HOUR.multipliedBy(3)).isOver()).isTrue();
        assertThat(far.minus(HOUR.multipliedBy(3)).left()).isZero();
    }
}
