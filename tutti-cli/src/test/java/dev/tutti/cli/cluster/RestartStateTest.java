package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.cluster.RestartState.Crashed;
import dev.tutti.cli.cluster.RestartState.Gone;
import dev.tutti.cli.cluster.RestartState.Leaving;
import dev.tutti.cli.cluster.RestartState.Ready;
import dev.tutti.cli.cluster.RestartState.Starting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RestartStateTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void thePauseDoublesWithEachCrashUpToHalfAMinute() {
        List<Duration> pauses = new ArrayList<>();
        RestartState state = RestartState.BEGIN;
        for (int crash = 0; crash < 100; crash++) {
            state = state.ended(0);
            pauses.add(((Crashed) state.phase()).pause());
            state = state.waited();
        }

        assertThat(pauses.subList(0, 8).stream().map(Duration::toMillis))
                .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
        assertThat(pauses.subList(8, 100)).containsOnly(Duration.ofSeconds(30));
    }

    @Test
    void whoWasReadyForAMinuteBeginsWithTheFirstPauseAgain() {
        RestartState crashedTwice =
                RestartState.BEGIN.ended(0).waited().ended(0).waited();

        assertThat(crashedTwice.ready(0).ended(MINUTE - 1).phase()).isEqualTo(new Crashed(Duration.ofSeconds(2)));
        assertThat(crashedTwice.ready(0).ended(MINUTE).phase()).isEqualTo(new Crashed(Duration.ofMillis(500)));
    }

    @Test
    void whoWasAskedToComeBackDoesWithoutAPause() {
        assertThat(RestartState.BEGIN.ready(0).leaving(false).ended(1)).isEqualTo(RestartState.BEGIN);
        assertThat(RestartState.BEGIN.ended(0).leaving(false))
                .as("in the pause")
                .isEqualTo(RestartState.BEGIN);
    }

    @Test
    void whoLeavesForGoodIsNotStartedAgainWhateverElseIsAskedOfIt() {
        RestartState leaving =
                RestartState.BEGIN.ready(0).leaving(false).leaving(true).leaving(false);

        assertThat(leaving.phase()).isEqualTo(new Leaving(true));
        assertThat(leaving.ended(1).phase()).isEqualTo(new Gone());
        assertThat(RestartState.BEGIN.ended(0).leaving(true).phase())
                .as("in the pause")
                .isEqualTo(new Gone());
    }

    @Test
    void whateverHappensWhoIsGoneStaysGoneAndAPauseIsWithinItsBounds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RestartState state = RestartState.BEGIN;
        boolean gone = false;
        for (int step = 0; step < 10_000; step++) {
            long now = random.nextLong(3 * MINUTE);
            RestartState before = state;
            state = switch (random.nextInt(gone || step < 9_900 ? 4 : 5)) {
                case 0 -> state.ready(now);
                case 1 -> state.ended(now);
                case 2 -> state.waited();
                case 3 -> state.leaving(false);
                default -> state.leaving(true);
            };
            String told = "seed " + seed + ", step " + step + ": " + before + " -> " + state;
            assertThat(state.phase() instanceof Gone || !gone).as(told).isTrue();
            gone = state.phase() instanceof Gone;
            boolean sound = switch (state.phase()) {
                case Crashed(Duration pause) ->
                    pause.compareTo(RestartState.FIRST_PAUSE) >= 0
                            && pause.compareTo(RestartState.LONGEST_PAUSE) <= 0
                            && state.crashes() > 0;
                case Ready(long _) -> before.phase() instanceof Ready || before.phase() instanceof Starting;
                case Starting() -> true;
                case Leaving(boolean _) -> true;
                case Gone() -> true;
            };
            assertThat(sound).as(told).isTrue();
        }
    }
}
