package dev.tutti.cluster.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Compared with a set that remembers everything. */
class ReplayWindowTest {
    private final long seed = Long.getLong("tutti.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void eachNumberCountsOnceInAnyOrder() {
        System.out.println("seed " + seed);
        for (int run = 0; run < 20; run++) {
            ReplayWindow window = new ReplayWindow();
            Set<Long> seen = new HashSet<>();
            long highest = random.nextInt(10);
            long middle = highest;
            for (int step = 0; step < 20_000; step++) {
                if (random.nextInt(200) == 0) {
                    middle += random.nextInt(3 * ReplayWindow.SIZE); // a hole
                }
                long number = Math.max(0, middle++ - random.nextInt(random.nextInt(50) == 0 ? 100_000 : 100));
                highest = Math.max(highest, number);
                boolean expected = highest - number < ReplayWindow.SIZE && !seen.contains(number);
                assertThat(window.isNew(number))
                        .as("seed %d, run %d, number %d, highest %d", seed, run, number, highest)
                        .isEqualTo(expected);
                seen.add(number);
            }
        }
    }

    @Test
    void theEdgesOfTheWindow() {
        ReplayWindow window = new ReplayWindow();
        assertThat(window.isNew(ReplayWindow.SIZE)).isTrue();
        assertThat(window.isNew(0)).isFalse();
        assertThat(window.isNew(1)).isTrue();
        assertThat(window.isNew(1)).isFalse();
        assertThat(window.isNew(Long.MAX_VALUE)).isTrue();
        assertThat(window.isNew(Long.MAX_VALUE)).isFalse();
        assertThat(window.isNew(Long.MAX_VALUE - 1)).isTrue();
    }
}
