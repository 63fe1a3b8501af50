package dev.tutti.cli.proof.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.process.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartAndStopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String LOG_LINE = "\\[\\d{4}-\\d\\d-\\d\\dT[^]]+] \\[[A-Z]+] \\[here] .*";

    /** Shared by all tests, one after the other: making a database takes some seconds. */
    @TempDir
    private static Path data;

    @TempDir
    private Path directory;

    @Test
    void itStartsAnswersAndLeavesInPeace() throws Exception {
        try (ServerProcess server = ServerProcess.start(launch().with("TUTTI_DRAIN_DELAY", "1s"))) {
            for (String path :
                    List.of("health", "health/ready", "health/live", "api/health", "api/instance", "metrics")) {
                HttpResponse<String> answer = get(server, path);
                assertThat(answer.statusCode()).as(path).isEqualTo(200);
                assertThat(answer.headers().firstValue("X-Instance-Id"))
                        .as(path)
                        .contains("here");
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(get(server, "health").body())
                            .contains("\"status\":\"healthy\"", "\"database\":\"healthy\""));
            assertThat(get(server, "api/instance").body()).contains("\"id\":\"here\"", "\"pid\":" + server.pid());
            assertThat(get(server, "metrics").body())
                    .contains("tutti_instance_info{id=\"here\"}", "hikaricp_connections_max{pool=\"tutti\"} 7.0")
                    .contains("jvm_memory_used_bytes", "process_uptime_seconds");

            assertThat(server.stop(PATIENCE)).isZero();
            assertThat(server.output().lines()).isNotEmpty().allMatch(line -> line.matches(LOG_LINE));
            assertThat(server.output()).contains("open " + server.launch().address() + "/ in a browser");
        }
    }

    @Tag("slow")
    @Test
    void onLeavingItIsNotReadyFirstAndStillAlive() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(launch().with("TUTTI_DRAIN_DELAY", "4m").with("TUTTI_SHUTDOWN_BUDGET", "5m"))) {
            ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();

            process.destroy();

            await().atMost(PATIENCE).until(() -> get(server, "health/ready").statusCode() == 503);
            assertThat(get(server, "health/live").statusCode()).isEqualTo(200);
            assertThat(get(server, "health").statusCode()).isEqualTo(200);
        }
    }

    @Tag("slow")
    @Test
    void anInstanceOfWorkersAnswersHealthAndMetricsAlone() throws Exception {
        Launch launch = launch().with("APP_MODE", "workers").with("WORKER_TYPE", "webhooks,scroes");
        try (ServerProcess server = ServerProcess.start(launch)) {
            for (String path : List.of("health", "health/live", "metrics")) {
                assertThat(get(server, path).statusCode()).as(path).isEqualTo(200);
            }
            for (String path : List.of("", "api/instance", "socket.io/?EIO=4&transport=polling", "ws")) {
                assertThat(get(server, path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(server.stop(PATIENCE)).isZero();
            assertThat(server.output())
                    .contains(" ms at " + server.launch().address() + "/")
                    .contains("WORKER_TYPE names what nobody has declared: [scroes]")
                    .doesNotContain("in a browser");
        }
    }

    @Test
    @Tag("long")
    void aSecondSignalEndsItAtOnce() throws Exception {
        Launch slow = launch().with("TUTTI_DRAIN_DELAY", "4m").with("TUTTI_SHUTDOWN_BUDGET", "5m");
        try (ServerProcess server = ServerProcess.start(slow)) {
            ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
            process.destroy();
            await().atMost(PATIENCE).until(() -> get(server, "health/ready").statusCode() == 503);

            assertThat(server.stop(PATIENCE)).isEqualTo(1);
        }
    }

    @Test
    @Tag("slow")
    void anInstanceOfAClusterGoesOnLeavingAtASecondSignal() throws Exception {
        Launch alone = launch().with("TUTTI_DRAIN_DELAY", "4m").with("TUTTI_SHUTDOWN_BUDGET", "5m");
        List<String> command = new ArrayList<>(alone.command());
        command.add("--worker");
        Launch worker = new Launch(command, alone.environment(), directory, alone.address(), alone.patience());
        try (ServerProcess server = ServerProcess.start(worker)) {
            Signals.send("TERM", server.pid());
            await().atMost(PATIENCE).until(() -> get(server, "health/ready").statusCode() == 503);

            Signals.send("TERM", server.pid());

            await().atMost(PATIENCE).until(() -> server.output().contains("Asked to leave once more"));
            assertThat(get(server, "health/live").statusCode()).isEqualTo(200);
        }
    }

    @Tag("slow")
    @Test
    void aSignalEndsAStartThatWaitsForItsDatabase() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Launch launch = launch().with(
                            "DATABASE_URL", "postgres://me:x@127.0.0.1:" + silent.getLocalPort() + "/chat")
                    .with("JWT_SECRET", "0123456789abcdef0123456789abcdef");
            try (ServerProcess server = ServerProcess.of(launch)) {
                server.spawn();
                try (Socket waiting = silent.accept()) {
                    assertThat(server.stop(PATIENCE)).isZero();
                    assertThat(waiting.getInputStream().readAllBytes())
                            .as("what it said")
                            .isNotEmpty();
                }
                assertThat(server.output())
                        .contains("Left before the start was over")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Tag("slow")
    @Test
    void aSignalDuringTheFirstStartLeavesNoDatabaseRunning() throws Exception {
        try (ServerProcess server = ServerProcess.of(Solo.bare(directory))) {
            server.spawn();
            await().atMost(PATIENCE).until(() -> server.output().contains("Making a new database"));

            assertThat(server.stop(PATIENCE)).isZero();

            assertThat(Signals.postgresIn(directory)).isEmpty();
            server.start(); // what it had made is whole
        }
    }

    @Tag("slow")
    @Test
    void itsOwnDatabaseTakesMoreConnectionsThanItOpens() throws Exception {
        try (ServerProcess server = ServerProcess.start(launch().with("DB_MAX_CONNECTIONS", "400"))) {
            assertThat(data.resolve("postgres/data/postmaster.opts")).content().contains("max_connections=450");
            assertThat(server.stop(PATIENCE)).isZero();
        }
    }

    @Tag("slow")
    @Test
    void aTakenPortIsToldInASentenceAndNothingIsLeftBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String output = Solo.failed(launch().with("PORT", Integer.toString(taken.getLocalPort())));

            assertThat(output)
                    .contains("ended with 1", "PORT " + taken.getLocalPort(), "set PORT to a free one")
                    .doesNotContain("Exception", "\tat ");
        }
        try (Stream<Path> files = Files.walk(data)) {
            assertThat(files).as("what a running PostgreSQL has").noneMatch(file -> file.endsWith("postmaster.pid"));
        }
    }

    @Tag("slow")
    @Test
    void aTakenPortIsFoundBeforeADatabaseIsMade() throws Exception {
        Path untouched = directory.resolve("untouched");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (String setting : List.of("PORT", "TUTTI_OPERATOR_PORT")) {
                assertThat(Solo.failed(launch().with("TUTTI_DATA_DIR", untouched.toString())
                                .with(setting, Integer.toString(taken.getLocalPort()))))
                        .contains("ended with 1", setting + " " + taken.getLocalPort(), "is in use");
            }
        }
        assertThat(untouched).doesNotExist();
    }

    @Tag("slow")
    @Test
    void aDatabaseThatCannotBeReachedIsToldWithoutItsPassword() throws Exception {
        String output = Solo.failed(launch().with("DATABASE_URL", "postgres://me:hidden-word@127.0.0.1:1/chat")
                .with("JWT_SECRET", "0123456789abcdef0123456789abcdef"));

        assertThat(output)
                .contains("ended with 1", "127.0.0.1:1/chat", "DATABASE_URL")
                .doesNotContain("hidden-word", "\tat ");
    }

    @Tag("slow")
    @Test
    void mistakesInTheSettingsEndItWithTwo() throws Exception {
        assertThat(Solo.failed(launch().with("LOG_LEVEL", "loud").with("TUTTI_DATADIR", "x")))
                .contains("ended with 2", "2 mistakes", "LOG_LEVEL", "TUTTI_DATA_DIR");
    }

    private Launch launch() throws IOException {
        return Launch.tutti(Solo.program(), directory, Ports.free())
                .with("TUTTI_DATA_DIR", data.toString())
                .with("INSTANCE_ID", "here");
    }

    private static HttpResponse<String> get(ServerProcess server, String path)
            throws IOException, InterruptedException {
        try (Api api = new Api()) {
            return api.fetch(server.launch().address().resolve("/" + path));
        }
    }
}
