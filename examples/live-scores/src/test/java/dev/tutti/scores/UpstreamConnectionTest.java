package dev.tutti.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes with the example in them, restarted one after the other, and an upstream that counts its connections. */
@Tag("long")
class UpstreamConnectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<ServerProcess> servers = new ArrayList<>();

    @TempDir
    private Path directory;

    private ScoresUpstream upstream;
    private EmbeddedDatabase postgres;

    @BeforeEach
    void startUpstream() throws IOException {
        upstream = new ScoresUpstream(0);
        postgres = EmbeddedDatabase.start(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres")));
    }

    @AfterEach
    void stop() throws IOException {
        servers.forEach(ServerProcess::close);
        postgres.close();
        upstream.close();
    }

    private void startServers(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Launch launch = ScoresServer.launch(directory, "server-" + i, postgres, upstream.address());
            ServerProcess server = ServerProcess.of(launch);
            servers.add(server);
            server.spawn();
        }
        for (ServerProcess server : servers) {
            server.awaitReady();
        }
        await().atMost(PATIENCE).until(() -> upstream.followers() == 1);
        assertThat(upstream.allFollowers())
                .as("connections when the first servers have started")
                .isEqualTo(1);
    }

    /** Stops a server and starts it again. */
    @FunctionalInterface
    private interface Restart {
        void of(ServerProcess server) throws Exception;
    }

    private static void leave(ServerProcess server) throws Exception {
        int ended = server.stop(PATIENCE);
        assertThat(ended).isEqualTo(143); // by SIGTERM
        server.start();
    }

    private static void crash(ServerProcess server) throws Exception {
        server.kill();
        server.start();
    }

    private void restartEach(Restart restart) throws Exception {
        int before = upstream.allFollowers();
        for (ServerProcess server : servers) {
            int connections = upstream.allFollowers();
            restart.of(server);
            await().atMost(PATIENCE).until(() -> upstream.followers() == 1);
            assertThat(upstream.allFollowers() - connections)
                    .as("connections that were opened because one server was restarted")
                    .isBetween(0, 1);
        }
        assertThat(upstream.allFollowers() - before)
                .as("connections that were opened because all servers were restarted")
                .isBetween(1, servers.size());
        assertThat(upstream.mostFollowers()).as("connections at a time").isEqualTo(1);
    }

    @Test
    void threeServersThatAreRestartedHaveOneConnection() throws Exception {
        startServers(3);
        restartEach(UpstreamConnectionTest::leave);
    }

    @Test
    void fiveServersThatAreRestartedOrKilledHaveOneConnection() throws Exception {
        startServers(5);
        restartEach(UpstreamConnectionTest::leave);
        restartEach(UpstreamConnectionTest::crash);
    }
}
