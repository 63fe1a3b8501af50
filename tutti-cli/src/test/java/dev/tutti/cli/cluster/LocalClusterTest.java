package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Three workers behind nginx. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LocalClusterTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Path settings;
    private ClusterProcess cluster;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        settings = Files.writeString(directory.resolve(".env"), "LOG_LEVEL=warn\n");
        cluster = ClusterProcess.start(directory, Map.of("LOG_LEVEL", ""), "3", "--balancer", "nginx");
        // the port answers before the others may have said that they are ready
        await().atMost(PATIENCE).until(() -> cluster.process.output().contains("3 workers behind nginx"));
        api = new ServerApi(cluster.address);
    }

    @AfterAll
    void stop() {
        api.close();
        cluster.close();
    }

    @Test
    void requestsGoToTheWorkersInTurn() throws Exception {
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            answered.add(api.send("GET", "/api/instance", null, null)
                    .response()
                    .headers()
                    .firstValue("X-Instance-Id")
                    .orElse("nobody"));
        }

        assertThat(answered)
                .containsOnly("worker-1", "worker-2", "worker-3")
                .contains("worker-1", "worker-2", "worker-3");
    }

    @Test
    void aKilledWorkerIsReplacedAndNoGetFailsMeanwhile() throws Exception {
        SteadyRequests gets = SteadyRequests.gets(cluster.address, "/api/instance");
        await().atMost(PATIENCE).until(() -> gets.sent() > 20);

        ClusterProcess.Outcome killed = cluster.tell("kill", "2");

        assertThat(killed.err()).isEmpty();
        assertThat(killed.out()).containsPattern("worker-2 +killed \\(pid \\d+\\)");
        await().atMost(PATIENCE)
                .until(() -> cluster.process.output().contains("worker-2   died (exit 137), restarting in "));
        await().atMost(PATIENCE)
                .until(() -> cluster.tell("status")
                                .out()
                                .lines()
                                .filter(line -> line.contains(" ready on "))
                                .count()
                        == 4);
        assertThat(gets.stop()).as("of %d", gets.sent()).isEmpty();
    }

    @Test
    void aRollingRestartFailsNoRequest() throws Exception {
        Account ann = api.register("ann.");
        String group = api.group(ann, "Steady", List.of());
        String messages = "/api/conversations/" + group + "/messages";
        SteadyRequests gets = SteadyRequests.gets(cluster.address, "/api/instance");
        SteadyRequests posts = SteadyRequests.posts(
                cluster.address, messages, ann.token(), "{\"id\": \"m#\", \"text\": \"number #\"}");
        await().atMost(PATIENCE).until(() -> gets.sent() > 20 && posts.sent() > 20);

        ClusterProcess.Outcome restarted = cluster.tell("restart");

        assertThat(restarted.err()).isEmpty();
        assertThat(restarted.out().lines()).hasSize(3).allMatch(line -> line.endsWith(" restarted"));
        assertThat(gets.stop()).as("of %d", gets.sent()).isEmpty();
        assertThat(posts.stop()).as("of %d", posts.sent()).isEmpty();
    }

    @Test
    void aHangupIsPassedOnToEveryWorker() throws Exception {
        Files.writeString(settings, "LOG_LEVEL=info\n");

        Signals.send("HUP", cluster.process.pid());

        for (String worker : List.of("worker-1", "worker-2", "worker-3")) {
            String line = "[" + worker + "] LOG_LEVEL is info from now on";
            await().atMost(PATIENCE).until(() -> cluster.process.output().contains(line));
        }
        assertThat(cluster.process.alive()).isTrue();
    }

    @Test
    void whatCannotBeDoneIsToldInASentence() {
        ClusterProcess.Outcome unknown = cluster.tell("kill", "9");

        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).isEqualTo("there is no worker 9; there are 1 to 3\n");
        assertThat(cluster.tell("kill", "nobody").code()).isEqualTo(2);
    }
}
