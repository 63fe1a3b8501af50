package dev.tutti.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OncePerMinuteTest {
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos(); // a ticker may begin anywhere, and overflow
    private final OncePerMinute line = new OncePerMinute(() -> nanos);

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void theFirstIsToldAndThenOneAMinute() {
        assertThat(line.now()).isTrue();
        assertThat(line.now()).isFalse();
        pass(Duration.ofSeconds(59));
        assertThat(line.now()).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(line.now()).isTrue();
        assertThat(line.now()).isFalse();
    }

    @Test
    void oneThatIsLateMovesTheNext() {
        assertThat(line.now()).isTrue();
        pass(Duration.ofSeconds(90));
        assertThat(line.now()).isTrue();
        pass(Duration.ofSeconds(59));
        assertThat(line.now()).isFalse();
    }
}
