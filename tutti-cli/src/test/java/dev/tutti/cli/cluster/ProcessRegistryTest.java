package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRegistryTest {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

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
            String noted = Files.readString(file());
            String boot = Files.readString(BOOT).strip();
            long instant = instant(other).toEpochMilli();
            List<String> others = List.of(
                    noted.replace("@", "0@"), // ten times as long after the boot
                    noted.replace(boot, "00000000-0000-4000-8000-000000000000"),
                    "worker-1 " + other.pid() + " " + (instant - 3_600_000) + "\n");
            for (String line : others) {
                Files.writeString(file(), line);

                assertThat(new ProcessRegistry(file()).endLeftOvers()).as(line).isEmpty();
                assertThat(other.isAlive()).as(line).isTrue();
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void aProcessIsNotedByWhatNoCorrectionOfTheClockChanges() throws Exception {
        Process noted = sleeping();
        try {
            new ProcessRegistry(file()).add("worker-1", noted.toHandle());

            String boot = Files.readString(BOOT).strip();
            String[] stat =
                    Files.readString(Path.of("/proc/" + noted.pid() + "/stat")).split(" ", -1);
            assertThat(Files.readString(file()))
                    .isEqualTo("worker-1 " + noted.pid() + " " + stat[21] + "@" + boot + "\n");
        } finally {
            noted.destroyForcibly();
        }
    }

    @Test
    void whatAnEarlierReleaseHasNotedIsEndedToo() throws Exception {
        Process left = sleeping();
        long instant = instant(left).toEpochMilli();
        Files.writeString(file(), "worker-1 " + left.pid() + " " + instant + "\n");

        assertThat(new ProcessRegistry(file()).endLeftOvers()).hasSize(1);

        assertThat(left.waitFor(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void whatAProgramThatIsGoneHasLeftBehindIsEnded() throws Exception {
        ProcessHandle child = orphan(directory);

        assertThat(new ProcessRegistry(file()).endLeftOvers()).hasSize(1);

        assertThat(child.info().command()).as("it ended").isEmpty();
    }

    @Test
    void whatAnotherProgramWithItsNumberHasLeftBehindIsLeftAlone(@TempDir Path elsewhere) throws Exception {
        ProcessHandle child = orphan(elsewhere);
        try {
            assertThat(new ProcessRegistry(file()).endLeftOvers()).isEmpty();
            assertThat(child.info().command()).isPresent();
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aTornFileIsNoObstacle() throws IOException {
        Files.writeString(file(), "worker-1 12\n\nworker-1 12 7@\nworker-1 12 @\nworker");

        assertThat(new ProcessRegistry(file()).endLeftOvers()).isEmpty();
    }

    private Path file() {
        return directory.resolve("processes");
    }

    /** A process that works in {@code directory}, and whose parent was noted and is gone. */
    private ProcessHandle orphan(Path directory) throws Exception {
        Path told = directory.resolve("child");
        Process parent = new ProcessBuilder(Programs.detached(
                        List.of("/bin/sh", "-c", "sleep 300 & echo $! > new; mv new child; exec sleep 300")))
                .directory(directory.toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(told));
        new ProcessRegistry(file()).add("nginx", parent.toHandle());
        parent.destroyForcibly().waitFor();
        return ProcessHandle.of(Long.parseLong(Files.readString(told).strip())).orElseThrow();
    }

    private static Instant instant(Process process) {
        return process.toHandle().info().startInstant().orElseThrow();
    }

    private static Process sleeping() throws IOException {
        return new ProcessBuilder("sleep", "300").start();
    }
}
