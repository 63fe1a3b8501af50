package dev.tutti.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two workers and a Redis behind HAProxy, and how they end. */
class ClusterEndTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    @Test
    void whatAKilledClusterLeavesIsEndedByTheNextOneAndThatEndsWithAllItsProcesses() throws Exception {
        try (ClusterProcess cluster = ClusterProcess.start(directory, "2", "--redis", "--balancer", "haproxy")) {
            await().atMost(PATIENCE).until(() -> cluster.process.output().contains("2 workers behind haproxy"));
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
}
