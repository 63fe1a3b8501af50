package dev.tutti.faults.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process that the liveness probe is compared with, and the probe that asks both. */
class BareServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void theProbeAsksBothServersEquallyOftenAndBothAnswer(@TempDir Path directory) throws IOException {
        try (BareServer one = BareServer.start(directory.resolve("one.log"));
                BareServer other = BareServer.start(directory.resolve("other.log"))) {
            LivenessProbe probe = asked(one, other, 3);
            assertThat(probe.live().count()).isEqualTo(3);
            assertThat(probe.baseline().count()).isEqualTo(3);
            // one that does not answer counts as ten seconds
            assertThat(probe.live().percentile(100)).isPositive().isLessThan(LivenessProbe.PATIENCE);
            assertThat(probe.baseline().percentile(100)).isPositive().isLessThan(LivenessProbe.PATIENCE);
        }
    }

    @Test
    void aServerThatDoesNotAnswerCountsAsTheSlowest(@TempDir Path directory) throws IOException {
        BareServer gone = BareServer.start(directory.resolve("gone.log"));
        gone.close();
        await().atMost(PATIENCE).until(() -> !gone.alive());
        try (BareServer there = BareServer.start(directory.resolve("there.log"))) {
            LivenessProbe probe = asked(gone, there, 1);
            assertThat(probe.live().percentile(100)).isGreaterThanOrEqualTo(LivenessProbe.PATIENCE);
            assertThat(probe.baseline().count()).isEqualTo(1);
        }
    }

    @Test
    void itEndsWithTheProcessThatHasStartedIt(@TempDir Path directory) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(BareServer.command())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        try {
            process.getOutputStream().close(); // as the system does at the end of this process
            assertThat(process.waitFor(PATIENCE)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aRowHasACellForEachNameInTheHead() {
        List<Duration> live = List.of(Duration.ofMillis(4), Duration.ofMillis(5), Duration.ofMillis(6));
        String row = new HostileBench.Row(
                        "none", 1, Duration.ofMillis(2), Duration.ofMillis(3), 0, 0, 0, live, Duration.ofMillis(7))
                .markdown();
        assertThat(row).isEqualTo("| none | 1 | 2.0 | 3.0 | 0 | 0 | 0 | 4.0 | 5.0 | 6.0 | 7.0 |");
        assertThat(HostileBench.HEAD.lines().map(BareServerTest::cells)).containsOnly(cells(row));
    }

    private static long cells(String row) {
        return row.chars().filter(character -> character == '|').count();
    }

    /** A probe that has asked {@code rounds} times. */
    private static LivenessProbe asked(BareServer server, BareServer bare, int rounds) {
        AtomicInteger left = new AtomicInteger(rounds);
        LivenessProbe probe = new LivenessProbe(server.address(), bare.address(), () -> left.getAndDecrement() > 0);
        probe.run();
        return probe;
    }
}
