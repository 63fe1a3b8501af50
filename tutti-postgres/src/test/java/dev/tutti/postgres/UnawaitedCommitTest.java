package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.StreamName;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that waits with each commit for a standby which does not come. */
@Tag("slow")
class UnawaitedCommitTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<Append> APPENDS =
            List.of(new Append(new StreamName("room:news"), "message", Json.of("1"), "key"));
    private static final Sql INSERT = new Sql("insert into one values (1) returning n");
    private static final Sql COUNT = new Sql("select count(*)::int from one");

    @TempDir
    Path directory;

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void assertUnknown(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isNotInstanceOf(NothingAppendedException.class)
                .hasStackTraceContaining("the commit was not awaited")
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aCommitThatNoStandbyHasWhenItsStatementIsEndedIsNoSuccess() throws SQLException {
        try (EmbeddedDatabase server = EmbeddedDatabase.start(
                        EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres")));
                PostgresPool pool = new PostgresPool(
                        PostgresPoolSettings.of(new PostgresAddress(server.jdbcUrl(), server.user(), server.password()))
                                .withConnections(2, 0))) {
            PostgresStreamStore store = PostgresStreamStore.open(pool, PostgresSchemaTest.POLICY);
            try (Connection connection = pool.getConnection()) {
                execute(connection, "create table one (n int)");
                execute(connection, "alter system set synchronous_standby_names = 'nobody'");
                execute(connection, "select pg_reload_conf()");
            }
            Database database = new Database(pool).within(SECOND);
            AtomicInteger inserted = new AtomicInteger();

            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> { // when the server has read its settings anew
                                inserted.incrementAndGet();
                                assertUnknown(() -> database.statement(
                                        connection -> INSERT.first(connection, rows -> rows.getInt(1))));
                            });
            assertUnknown(() -> store.append(APPENDS));

            int there = database.statement(connection -> COUNT.first(connection, rows -> rows.getInt(1)))
                    .orElseThrow();
            assertThat(there).isEqualTo(inserted.get());
            try (Connection connection = pool.getConnection()) {
                execute(connection, "alter system reset synchronous_standby_names");
                execute(connection, "select pg_reload_conf()");
            }
            assertThat(store.append(APPENDS).getFirst().repeated()).isTrue();
        }
    }
}
