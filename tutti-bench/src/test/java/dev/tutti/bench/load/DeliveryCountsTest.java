package dev.tutti.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeliveryCountsTest {
    private final DeliveryCounts counts = new DeliveryCounts();
    private final TreeSet<Long> missing = new TreeSet<>();

    @Test
    void whatNeverComesIsLost() {
        counts.hole(4, 8, missing);
        assertThat(missing).isEqualTo(new TreeSet<>(List.of(5L, 6L, 7L)));
        assertThat(counts.report().lost()).isEqualTo(3);
    }

    @Test
    void whatComesBehindLaterOnesIsOutOfOrderAndNotLost() {
        counts.hole(4, 6, missing);
        counts.late(5, missing);
        assertThat(counts.report().lost()).isZero();
        assertThat(counts.report().disordered()).isOne();
    }

    @Test
    void whatComesOnceMoreIsRepeated() {
        counts.late(5, missing);
        assertThat(counts.report().repeated()).isOne();
    }

    @Test
    void aKeyThatComesTwiceWasStoredTwice() {
        counts.stored("room:one key");
        counts.stored("room:two key");
        assertThat(counts.report().storedTwice()).isZero();
        counts.stored("room:one key");
        assertThat(counts.report().storedTwice()).isOne();
    }

    @Test
    void latenciesAreGivenOnce() {
        counts.inOrder(7);
        counts.inOrder(-1);
        assertThat(counts.takeLatencies().getTotalCount()).isOne();
        assertThat(counts.takeLatencies().getTotalCount()).isZero();
        assertThat(counts.report().events()).isEqualTo(2);
    }
}
