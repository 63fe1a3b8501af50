package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of its own, really killed, which writes to its disk no sooner than it must. */
class CrashedPositionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final StreamName NEWS = new StreamName("room:news");

    @TempDir
    Path directory;

    @Tag("slow")
    @Test
    void whoeverHasAPositionFromBeforeACrashIsToldOfWhatWasAppendedAfterIt() throws Exception {
        try (EmbeddedDatabase server = EmbeddedDatabase.start(
                        EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres")));
                PostgresPool pool = pool(server)) {
            PostgresStreamStore store = PostgresStreamStore.open(pool, PostgresSchemaTest.POLICY);
            execute(server, "alter system set wal_writer_delay = '10s'", "select pg_reload_conf()");
            append(store, "before");
            execute(server, "set synchronous_commit = off", "select pg_notify('a', '') from generate_series(1, 10)");
            Position position = store.now();
            Position later = changed(server, store, position);

            kill(server);
            append(store, "after");

            for (Position each : List.of(position, later)) {
                assertThat(store.changes(each).heads()).isEqualTo(Map.of(NEWS, 2L));
                assertThat(store.seen(each, List.of(NEWS))).isEqualTo(Map.of(NEWS, 1L));
            }
        }
    }

    private static Position changed(EmbeddedDatabase server, PostgresStreamStore store, Position since)
            throws SQLException {
        execute(server, "set synchronous_commit = off", "select pg_notify('a', '')");
        return store.changes(since).now();
    }

    private static void append(PostgresStreamStore store, String text) {
        store.append(List.of(new Append(NEWS, "message", Json.of("\"" + text + "\""), text)));
    }

    private static PostgresPool pool(EmbeddedDatabase server) {
        PostgresAddress address = new PostgresAddress(server.jdbcUrl(), server.user(), server.password());
        return new PostgresPool(
                PostgresPoolSettings.of(address).withConnections(4, 0).withTimes(PATIENCE, PATIENCE, PATIENCE));
    }

    private void kill(EmbeddedDatabase server) throws Exception {
        String pid = Files.readAllLines(directory.resolve("data").resolve("postmaster.pid"))
                .getFirst();
        ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            execute(server, "select 1");
            return true;
        });
    }

    private static void execute(EmbeddedDatabase server, String... commands) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }
}
