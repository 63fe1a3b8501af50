package dev.tutti.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cluster.NodeTag;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of invalidations. */
class RecentInvalidationsTest {
    private static final NodeTag ANN = new NodeTag("ann");
    private static final NodeTag BOB = new NodeTag("bob");

    private final RecentInvalidations recent = new RecentInvalidations(100, 0);

    private static VersionVector vector(NodeTag origin, long number) {
        return new VersionVector(Map.of(origin, number));
    }

    @Test
    void thoseOfAKeyAndThoseOfAllCount() {
        recent.heard(ANN, 1, Optional.of("a"), 0);
        recent.heard(ANN, 2, Optional.of("b"), 0);
        recent.heard(BOB, 5, Optional.empty(), 0);
        assertThat(recent.version("a", 0)).isEqualTo(vector(ANN, 1).with(BOB, 5));
        assertThat(recent.version("b", 0)).isEqualTo(vector(ANN, 2).with(BOB, 5));
        assertThat(recent.version("c", 0)).isEqualTo(vector(BOB, 5));
    }

    @Test
    void theyAreForgottenWhenNoLoadCanBeOlder() {
        recent.heard(ANN, 1, Optional.of("a"), 0);
        recent.heard(BOB, 5, Optional.empty(), 50);
        assertThat(recent.version("a", 100)).isEqualTo(vector(ANN, 1).with(BOB, 5));
        assertThat(recent.version("a", 101)).isEqualTo(vector(BOB, 5));
        assertThat(recent.version("a", 151)).isEqualTo(VersionVector.NONE);
    }

    @Test
    void whatDoesNotFitCountsForAllKeys() {
        for (int i = 0; i <= RecentInvalidations.MAX_KEYS; i++) {
            recent.heard(ANN, i, Optional.of("key-" + i), 0);
        }
        assertThat(recent.version("another", 0)).isEqualTo(vector(ANN, 0));
        assertThat(recent.version("key-0", 0)).isEqualTo(vector(ANN, 0));
        assertThat(recent.version("key-7", 0)).isEqualTo(vector(ANN, 7));
    }
}
