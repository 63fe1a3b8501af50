package dev.tutti.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StoreClockTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private final StoreClock clock = new StoreClock(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void theOffsetIsTakenFromTheMiddleOfTheQuestion() {
        clock.heard(NOW, NOW.plusSeconds(601), NOW.plusSeconds(2));
        assertThat(clock.offset()).isEqualTo(Duration.ofMinutes(10));
        assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(600));
    }

    @Test
    void itStaysWhileTheNextAnswerAgreesWithIt() {
        clock.heard(NOW, NOW.plusSeconds(600), NOW);
        clock.heard(NOW, NOW.plusSeconds(601), NOW.plusSeconds(4)); // 599 s, give or take 2
        assertThat(clock.offset()).isEqualTo(Duration.ofMinutes(10));
        clock.heard(NOW, NOW.plusMillis(600_020), NOW);
        assertThat(clock.offset()).isEqualTo(Duration.ofMillis(600_020));
    }
}
