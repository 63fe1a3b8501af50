package dev.tutti.bench.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.subject.Durable;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class JobRoundTest {
    private static final JobRound.Load FEW = new JobRound.Load(50, 3, 4, 4);

    @Tag("slow")
    @Test
    void bothRunEachJobOnceAndAreMeasured() {
        try (Durable durable = new Durable(20)) {
            assertMeasured(JobRound.of(PlainScheduler::new, durable.newDatabase("plain"), FEW));
            assertMeasured(JobRound.of(TuttiJobs::new, durable.newDatabase("ours"), FEW));
        }
    }

    private static void assertMeasured(JobRound round) {
        assertThat(round.enqueuedPerSecond()).isPositive();
        assertThat(round.donePerSecond()).isPositive();
        assertThat(round.begin().getTotalCount()).isPositive();
    }

    @Test
    void aJobThatRanTwiceOrNotAtAllFailsTheRun() {
        AtomicIntegerArray runs = new AtomicIntegerArray(new int[] {1, 1});
        JobRound.requireOnce(runs);
        runs.set(1, 2);
        assertThatThrownBy(() -> JobRound.requireOnce(runs))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("job 1 was run 2 times");
        runs.set(1, 0);
        assertThatThrownBy(() -> JobRound.requireOnce(runs)).isInstanceOf(BenchException.class);
    }
}
