package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.faults.hostile.HostileBench;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code ./tutti faults --hostile}. What takes how long is for the long one. */
@Tag("slow")
class HostileBenchTest {
    @Test
    void nobodyIsRefusedAnythingForAFloodFromAnotherAddress(@TempDir Path directory)
            throws IOException, InterruptedException {
        List<HostileBench.Row> rows = new HostileBench(
                        directory, RehearsedServer.command(), 12, Duration.ofMillis(700), true, System.out::println)
                .run();
        assertThat(rows).hasSizeGreaterThan(8).allSatisfy(row -> {
            assertThat(row.refused()).as(row.flood()).isZero();
            assertThat(row.messages()).as(row.flood()).isPositive();
            assertThat(row.bare()).as(row.flood()).isPositive();
        });
    }
}
