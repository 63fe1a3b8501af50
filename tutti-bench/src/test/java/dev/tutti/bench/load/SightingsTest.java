package dev.tutti.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SightingsTest {
    private final Sightings sightings = new Sightings();
    private final TreeSet<Long> missing = new TreeSet<>();

    @Test
    void whatNeverComesIsLost() {
        sightings.hole(4, 8, missing);
        assertThat(missing).isEqualTo(new TreeSet<>(List.of(5L, 6L, 7L)));
        assertThat(sightings.report().lost()).isEqualTo(3);
    }

    @Test
    void whatComesBehindLaterOnesIsOutOfOrderAndNotLost() {
        sightings.hole(4, 6, missing);
        sightings.late(5, missing);
        assertThat(sightings.report().lost()).isZero();
        assertThat(sightings.report().disordered()).isOne();
    }

    @Test
    void whatComesOnceMoreIsRepeated() {
        sightings.late(5, missing);
        assertThat(sightings.report().repeated()).isOne();
    }

    @Test
    void aKeyThatComesTwiceWasStoredTwice() {
        sightings.stored("room:one key");
        sightings.stored("room:two key");
        assertThat(sightings.report().storedTwice()).isZero();
        sightings.stored("room:one key");
        assertThat(sightings.report().storedTwice()).isOne();
    }

    @Test
    void latenciesAreGivenOnce() {
        sightings.inOrder(7);
        sightings.inOrder(-1);
        assertThat(sightings.takeLatencies().getTotalCount()).isOne();
        assertThat(sightings.takeLatencies().getTotalCount()).isZero();
        assertThat(sightings.report().events()).isEqualTo(2);
    }
}
