package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.process.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers behind a balancer, and how they end. */
@Tag("long")
class ClusterEndTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void whatAKilledClusterLeavesIsEndedByTheNextOneAndThatEndsWithAllItsProcesses() throws Exception {
        try (ClusterProcess cluster = ClusterProcess.start(directory, "2", "--redis", "--balancer", "haproxy")) {
            await().atMost(PATIENCE).until(() -> cluster.process.output().contains("2 workers behind haproxy"));
            assertRedisIsOurs(cluster);
            cluster.process.kill();
            List<Long> orphans = cluster.alive();
            assertThat(orphans).as("two workers, Redis and HAProxy").hasSize(4);
            assertThat(cluster.tell("status").err()).startsWith("no cluster runs with its data in ");

            cluster.process.start();
            await().atMost(PATIENCE)
                    .until(() -> cluster.process.output().split("2 workers behind haproxy", -1).length == 3);
            assertThat(cluster.process.output()).contains("worker-2   was left running by a cluster that was killed");
            assertThat(cluster.alive()).hasSize(4).doesNotContainAnyElementsOf(orphans);

            cluster.signalGroup();

            await().atMost(PATIENCE).until(() -> !cluster.process.alive());
            assertThat(cluster.process.output())
                    .contains("worker-1   left (exit 0)", "worker-2   left (exit 0)", "cluster    ended")
                    .doesNotContain("; killed");
            assertThat(cluster.alive()).isEmpty();
            assertThat(cluster.process.stop(PATIENCE)).isZero();
        }
    }

    @Test
    void aSignalToAllItsProcessesAtOnceLetsTheWorkersLeaveInPeace() throws Exception {
        Map<String, String> slow =
                Map.of("TUTTI_DRAIN_DELAY", "8s"); // they leave still when the last one has its signal
        try (ClusterProcess cluster = ClusterProcess.start(directory, slow, "2", "--balancer", "library")) {
            await().atMost(PATIENCE).until(() -> cluster.process.output().contains("2 workers behind library"));
            List<Long> workers = cluster.alive();
            assertThat(workers).hasSize(2);

            for (long worker : workers) { // before the cluster's own, which asks them once more
                Signals.send("TERM", worker);
            }
            int code = cluster.process.stop(PATIENCE);

            assertThat(cluster.process.output())
                    .contains("worker-1   left (exit 0)", "worker-2   left (exit 0)", "cluster    ended")
                    .doesNotContain("; killed");
            assertThat(code).isZero();
            assertThat(cluster.alive()).isEmpty();
        }
    }

    /** Its password is in a file for the owner alone, in no list of processes, and asked for. */
    private void assertRedisIsOurs(ClusterProcess cluster) throws IOException {
        Path secrets = directory.resolve("data/cluster/redis.conf");
        String password = Files.readString(secrets).replace("requirepass ", "").strip();
        assertThat(password).hasSize(64);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets)))
                .isEqualTo("rw-------");
        for (long pid : cluster.alive()) {
            assertThat(Files.readString(Path.of("/proc/" + pid + "/cmdline"))).doesNotContain(password);
        }
        Matcher redis =
                Pattern.compile("redis +ready on 127\\.0\\.0\\.1:(\\d+)").matcher(cluster.process.output());
        assertThat(redis.find()).isTrue();
        try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(redis.group(1)))) {
            stranger.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = stranger.getInputStream().readNBytes(7);
            assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("-NOAUTH");
        }
    }
}
