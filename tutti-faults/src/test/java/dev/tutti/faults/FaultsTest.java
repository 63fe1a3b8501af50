package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.faults.cluster.FaultClusterSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thirty seconds of the bench; ten minutes, and ten more with Redis, with {@code ./tutti test --long}. {@code -Dtutti.faults.seconds=3600}
 * makes it longer, {@code -Dtutti.faults.seed=1} repeats its plan, though not what threads and disks make of it.
 */
class FaultsTest {
    private static final Duration TIME =
            Duration.ofSeconds(Long.getLong("tutti.faults.seconds", Boolean.getBoolean("tests.long") ? 600 : 30));
    private static final long SEED = Long.getLong("tutti.faults.seed", System.nanoTime() % 1_000_000_000);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path directory;

    @Test
    void aClusterKeepsItsPromisesWhateverHappensToItsParts() throws Exception {
        keepsItsPromises(false);
    }

    /** Its bus goes over Redis then, which is killed, and forgets everything, as well. */
    @Test
    @Tag("long")
    void aClusterWithRedisKeepsItsPromisesWhateverHappensToItsParts() throws Exception {
        keepsItsPromises(true);
    }

    private void keepsItsPromises(boolean redis) throws Exception {
        FaultClusterSettings cluster = new FaultClusterSettings(directory, RehearsedServer.command(), 3, redis)
                .withBinaries(Path.of("target", "postgres"));
        Report report = FaultRun.of(new RunSettings(SEED, TIME, 6, cluster), System.out::println)
                .run();
        System.out.println(report);
        assertThat(report.findings())
                .as("%s%nThe history is in %s", report, directory)
                .isEmpty();
        assertThat(report.verdict().acknowledged()).isPositive();
    }
}
