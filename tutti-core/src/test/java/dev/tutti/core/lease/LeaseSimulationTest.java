package dev.tutti.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.lease.LeaseWorld.Flaw;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Ten thousand worlds in which everything goes wrong that can. A failure names the seed. */
class LeaseSimulationTest {
    private static final int WORLDS = 10_000;
    private static final int STEPS = 150;
    private static final long FIRST = RandomGenerator.getDefault().nextLong(1L << 40);

    private static LeaseWorld world(long seed, Flaw flaw) {
        LeaseWorld world = new LeaseWorld(seed, flaw);
        try {
            world.run(STEPS);
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed " + seed, failure);
        }
        return world;
    }

    @Test
    void nothingIsDoneUnderAnOldTokenAndNoTwoBelieveToHoldTheLease() {
        int effects = 0;
        int refused = 0;
        for (long seed = FIRST; seed < FIRST + WORLDS; seed++) {
            LeaseWorld world = world(seed, Flaw.NONE);
            assertThat(world.holders()).as("seed %s", seed).isLessThanOrEqualTo(1);
            effects += world.effects();
            refused += world.refused();
        }
        assertThat(effects).as("what was done, beginning with seed %s", FIRST).isGreaterThan(10 * WORLDS);
        assertThat(refused)
                .as("what was refused, beginning with seed %s", FIRST)
                .isGreaterThan(WORLDS / 100);
    }

    @Test
    void withoutAFenceSomethingIsDoneTooLate() {
        assertThatThrownBy(() -> {
                    for (long seed = FIRST; seed < FIRST + WORLDS; seed++) {
                        world(seed, Flaw.NO_FENCE);
                    }
                })
                .rootCause()
                .hasMessageContaining("something was done under token");
    }

    @Test
    void whoTrustsALeaseForTooLongIsNotAlone() {
        assertThat(mostHolders(Flaw.TRUST_TOO_LONG)).isGreaterThan(1);
    }

    @Test
    void whoTrustsAClockThatIsSetBackIsNotAlone() {
        assertThat(mostHolders(Flaw.LOCAL_CLOCK)).isGreaterThan(1);
    }

    /** How many believe to hold the lease at the same time, in the first world in which two do. */
    private static int mostHolders(Flaw flaw) {
        int most = 0;
        for (long seed = FIRST; most < 2 && seed < FIRST + WORLDS; seed++) {
            most = world(seed, flaw).holders();
        }
        return most;
    }
}
