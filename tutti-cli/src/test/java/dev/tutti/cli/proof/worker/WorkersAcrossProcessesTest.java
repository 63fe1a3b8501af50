package dev.tutti.cli.proof.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.proxy.Direction;
import dev.tutti.testkit.proxy.FaultProxy;
import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Three real processes on one PostgreSQL, each behind a link of its own, and a worker that runs once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkersAcrossProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ROUNDS = Boolean.getBoolean("tests.long") ? 10 : 1;

    /** What has effect, in the order in which it had. */
    private record Effects(List<Long> tokens, String latest) {
        long highest() {
            return tokens.isEmpty() ? 0 : tokens.getLast();
        }
    }

    private final Map<String, ServerProcess> instances = new LinkedHashMap<>();
    private final Map<String, FaultProxy> links = new LinkedHashMap<>();
    private EmbeddedDatabase postgres;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Solo.PROGRAMS)));
        try (Connection connection = connected();
                Statement statement = connection.createStatement()) {
            statement.execute("create table effect (id serial primary key, token bigint, instance text)");
        }
        int port = URI.create(postgres.jdbcUrl().substring("jdbc:".length())).getPort();
        for (String name : List.of("one", "two", "three")) {
            FaultProxy link = FaultProxy.to(port, 0);
            links.put(name, link);
            String url = postgres.url().replace(":" + port + "/", ":" + link.port() + "/");
            instances.put(
                    name, ServerProcess.start(launch(name, url, Files.createDirectories(directory.resolve(name)))));
        }
    }

    private static Launch launch(String name, String url, Path directory) throws IOException {
        List<String> command = new ArrayList<>(Solo.java());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Poller.class.getName()));
        int port = Ports.free();
        return new Launch(
                command,
                Map.of("PORT", Integer.toString(port), "DATABASE_URL", url, "NAME", name),
                directory,
                URI.create("http://127.0.0.1:" + port),
                PATIENCE);
    }

    @AfterAll
    void stop() {
        instances.values().forEach(ServerProcess::close);
        links.values().forEach(FaultProxy::close);
        postgres.close();
    }

    private Connection connected() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private Effects effects() throws SQLException {
        List<Long> tokens = new ArrayList<>();
        String latest = "";
        try (Connection connection = connected();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select token, instance from effect order by id")) {
            while (rows.next()) {
                tokens.add(rows.getLong("token"));
                latest = rows.getString("instance");
            }
        }
        return new Effects(tokens, latest);
    }

    private ServerProcess instance(String name) {
        return requireNonNull(instances.get(name));
    }

    /** Who writes now. */
    private String leader() throws SQLException {
        int before = effects().tokens().size();
        await().atMost(PATIENCE).until(() -> effects().tokens().size() > before + 1);
        return effects().latest();
    }

    /** Waits until somebody writes under a later token than before. */
    private void replaced(TestReporter reporter, long token) {
        long begin = System.nanoTime();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> effects().highest() > token);
        reporter.publishEntry("milliseconds until another one wrote", "" + (System.nanoTime() - begin) / 1_000_000);
    }

    private void inOrder() throws SQLException {
        assertThat(effects().tokens())
                .as("tokens in the order of their effects")
                .isSorted();
    }

    @Test
    void whoeverIsKilledIsReplaced(TestReporter reporter) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String leader = leader();
            long token = effects().highest();
            instance(leader).kill();

            replaced(reporter, token);

            inOrder();
            instance(leader).start();
        }
    }

    @Test
    void whoeverStoodStillForLongerThanItsLeaseHasNoEffectAfterwards(TestReporter reporter) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            ServerProcess leader = instance(leader());
            long token = effects().highest();
            leader.freeze();
            replaced(reporter, token);
            int before = effects().tokens().size();

            leader.thaw();

            await().atMost(PATIENCE).until(() -> effects().tokens().size() > before + 50);
            inOrder();
        }
    }

    @Test
    @Tag("long")
    void whoeverIsCutOffIsReplaced(TestReporter reporter) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            FaultProxy link = requireNonNull(links.get(leader()));
            long token = effects().highest();
            link.become(new LinkFault.Stalled(Direction.BOTH));
            replaced(reporter, token);
            int before = effects().tokens().size();

            link.become(LinkFault.CLEAR);

            await().atMost(PATIENCE).until(() -> effects().tokens().size() > before + 50);
            inOrder();
        }
    }

    @Test
    @Tag("long")
    void whoeverLeavesHandsOver(TestReporter reporter) throws Exception {
        String leader = leader();
        ServerProcess leaving = instance(leader);
        long token = effects().highest();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(
                            leaving.launch().address().resolve("/leave"))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
        }

        replaced(reporter, token);

        inOrder();
        leaving.kill();
        leaving.start();
    }
}
