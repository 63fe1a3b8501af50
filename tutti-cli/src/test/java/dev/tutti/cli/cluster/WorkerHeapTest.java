package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The share of the machine's memory that the heap of each worker may take. */
class WorkerHeapTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @ParameterizedTest
    @CsvSource({"1, 25.00", "2, 25.00", "3, 16.67", "8, 6.25", "64, 0.78"})
    void allHeapsTogetherTakeHalfOfTheMemoryAtMost(int workers, String percent) {
        assertThat(WorkerProgram.heapBound(List.of("-Xms64m", "-XX:+UseCompactObjectHeaders"), workers))
                .contains("-XX:MaxRAMPercentage=" + percent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx512m", "-XX:MaxHeapSize=512m", "-XX:MaxRAMPercentage=10"})
    void aBoundThatIsChosenStays(String chosen) {
        assertThat(WorkerProgram.heapBound(List.of("-Xms64m", chosen), 8)).isEmpty();
    }

    @Tag("slow")
    @Test
    void eachWorkerIsStartedWithItsShare(@TempDir Path directory) throws Exception {
        List<String> unbounded = Solo.program().stream()
                .filter(option -> !option.startsWith("-Xmx"))
                .toList();
        try (ClusterProcess cluster = ClusterProcess.startAs(unbounded, directory, "3", "--balancer", "library")) {
            await().atMost(PATIENCE).until(() -> cluster.process.output().contains("3 workers behind library"));

            List<Long> workers = cluster.alive();

            assertThat(workers).hasSize(3);
            for (long worker : workers) {
                assertThat(Files.readString(Path.of("/proc/" + worker + "/cmdline"), StandardCharsets.UTF_8)
                                .split("\0", -1))
                        .contains("-XX:MaxRAMPercentage=16.67", "--worker");
            }
        }
    }
}
