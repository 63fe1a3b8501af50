package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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

    @Tag("slow")
    @Test
    void anUploadThatIsLargerThanAnyMessageGoesOnWhereItsConnectionBroke() throws Exception {
        byte[] bytes = new byte[80 << 20];
        new Random(1).nextBytes(bytes);
        int come = 8 << 20; // two of the parts that go to the store
        Account ann = api.register("ann.");
        try (Api client = new Api(PATIENCE)) {
            String upload = begun(client, ann, bytes.length);
            try (RawConnection broken = append(upload, ann, 0, bytes.length)) {
                broken.send(Arrays.copyOf(bytes, come));
                await().atMost(PATIENCE).until(() -> offset(client, upload, ann) == come);
            }

            try (RawConnection rest = append(upload, ann, come, bytes.length - come)) {
                rest.send(Arrays.copyOfRange(bytes, come, bytes.length));
                assertThat(rest.answer()).startsWith("HTTP/1.1 204 ");
            }

            assertThat(api.get(upload.replace("uploads", "files"), ann)
                            .path("sha256")
                            .asString())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
    }

    /** The path of a new upload by tus. */
    private String begun(Api client, Account owner, int length) throws Exception {
        Map<String, String> headers = new HashMap<>(tus(owner));
        headers.put("Upload-Length", Integer.toString(length));
        return client.sendWith(headers, cluster.address, "POST", "/api/uploads", null)
                .response()
                .headers()
                .firstValue("Location")
                .orElseThrow();
    }

    private long offset(Api client, String upload, Account owner) throws Exception {
        return client.sendWith(tus(owner), cluster.address, "HEAD", upload, null)
                .response()
                .headers()
                .firstValueAsLong("Upload-Offset")
                .orElseThrow();
    }

    private static Map<String, String> tus(Account owner) {
        return Map.of("Authorization", "Bearer " + owner.token(), "Tus-Resumable", "1.0.0");
    }

    /** Begins a request that appends {@code length} bytes. */
    private RawConnection append(String upload, Account owner, int offset, int length) {
        RawConnection client = new RawConnection(cluster.address.getPort(), "127.0.0.1", PATIENCE);
        return client.send("PATCH " + upload + " HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " + owner.token()
                + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: " + offset + "\r\nContent-Length: " + length
                + "\r\nContent-Type: application/offset+octet-stream\r\n\r\n");
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
