package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRegistryTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsLeftOfAnEarlierClusterIsEnded() throws Exception {
        Process left = sleeping();
        new ProcessRegistry(file()).add("worker-1", left.toHandle());

        assertThat(new ProcessRegistry(file()).endLeftOvers())
                .extracting(ProcessRegistry.Entry::pid)
                .containsExactly(left.pid());

        assertThat(left.waitFor(Duration.ofSeconds(10))).isTrue();
        assertThat(new ProcessRegistry(file()).endLeftOvers()).isEmpty();
    }

    @Test
    void aProcessThatGotTheNumberOfAnEarlierOneIsLeftAlone() throws Exception {
        Process other = sleeping();
        try {
            new ProcessRegistry(file()).add("worker-1", other.toHandle());
            long started = other.toHandle().info().startInstant().orElseThrow().toEpochMilli();
            String hourAgo = Long.toString(started - 3_600_000);
            Files.writeString(file(), Files.readString(file()).replace(Long.toString(started), hourAgo));

            assertThat(new ProcessRegistry(file()).endLeftOvers()).isEmpty();
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aTornFileIsNoObstacle() throws IOException {
        Files.writeString(file(), "worker-1 12\n\nworker");

        assertThat(new ProcessRegistry(file()).endLeftOvers()).isEmpty();
    }

    private Path file() {
        return directory.resolve("processes");
    }

    private static Process sleeping() throws IOException {
        return new ProcessBuilder("sleep", "300").start();
    }
}
