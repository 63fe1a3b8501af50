package dev.tutti.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cluster.NodeTag;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SilentCoordinatorsTest {
    private static final NodeTag ANN = new NodeTag("ann");
    private static final NodeTag BOB = new NodeTag("bob");
    private static final long PAUSE = SilentCoordinators.PAUSE.toNanos();

    private final SilentCoordinators silent = new SilentCoordinators();

    private List<Boolean> asked(NodeTag coordinator, long now) {
        return Stream.generate(() -> silent.mayAsk(coordinator, now)).limit(3).toList();
    }

    @Test
    void oneThatWasNotHeardIsAskedByOneRequestAfterEachPause() {
        assertThat(asked(ANN, 0)).containsOnly(true);
        silent.silent(ANN, 0);
        assertThat(asked(ANN, PAUSE - 1)).containsOnly(false);
        assertThat(asked(BOB, PAUSE - 1)).containsOnly(true);
        assertThat(asked(ANN, PAUSE)).containsExactly(true, false, false);
        assertThat(asked(ANN, 2 * PAUSE - 1)).containsOnly(false);
        assertThat(asked(ANN, 2 * PAUSE)).containsExactly(true, false, false);
    }

    @Test
    void oneThatSaysSomethingIsAskedByAll() {
        silent.silent(ANN, 0);
        silent.forget(ANN);
        assertThat(asked(ANN, 1)).containsOnly(true);
    }
}
