package dev.tutti.bench.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.subject.Durable;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KilledRoundTest {
    private static final KilledRound.Load FEW = new KilledRound.Load(200, 4, 2, Duration.ofMillis(20));

    @Tag("slow")
    @Test
    void jobsWhoseRunnerIsKilledHaveTheirEffectOnce() {
        try (Durable durable = new Durable(FEW.connections())) {
            KilledRound round = KilledRound.of(durable.newDatabase("killed"), FEW);
            assertThat(round.jobs()).isEqualTo(200);
            assertThat(round.once()).isEqualTo(200);
            assertThat(round.attempts())
                    .as("those that were running when their process was killed are begun again")
                    .isGreaterThan(200);
            assertThat(round.time()).isPositive();
        }
    }

    @Test
    void anEffectThatIsMissingOrHappenedTwiceFailsTheRun() {
        KilledRound.requireOnce(200, 0, 0);
        assertThatThrownBy(() -> KilledRound.requireOnce(199, 1, 0))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("of 1 more than once, of 0 never");
        assertThatThrownBy(() -> KilledRound.requireOnce(199, 0, 1)).isInstanceOf(BenchException.class);
    }
}
