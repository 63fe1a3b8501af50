package dev.tutti.testkit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitTest {
    private final Limit limit = new Limit("connections", 10);

    @Test
    void theHighestSampleCounts() {
        limit.sample(10, Duration.ofSeconds(1));
        assertThat(limit.finding()).isEmpty();
        limit.sample(11, Duration.ofSeconds(2));
        limit.sample(3, Duration.ofSeconds(3));
        assertThat(limit.finding())
                .contains(new Finding(Fault.OVER_LIMIT, "connections", "was 11 after PT2S; allowed are 10"));
    }

    @Test
    void aLimitThatNobodyLookedAtIsNotKept() {
        assertThat(limit.finding().map(Finding::fault)).contains(Fault.UNEXPLAINED);
    }
}
