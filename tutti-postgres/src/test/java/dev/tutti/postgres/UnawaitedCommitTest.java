package dev.tutti.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.session.AttributeStore;
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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that waits with each commit for a standby which does not come. */
@Tag("slow")
class UnawaitedCommitTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final StreamName NEWS = new StreamName("room:news");
    private static final List<Append> APPENDS = List.of(new Append(NEWS, "message", Json.of("1"), "key"));
    private static final AttributeStore.Key SESSION = new AttributeStore.Key(1, List.of("session"));
    private static final Sql INSERT = new Sql("insert into one values (1) returning n");
    private static final Sql COUNT = new Sql("select count(*)::int from one");
    private static final Sql EVENTS = new Sql("select count(*)::int from tutti.event");
    private static final Sql PARTITIONS = new Sql("select count(*)::int from tutti.partition where kind = 'typing'");
    private static final Sql EXPIRED = new Sql("select count(*)::int from tutti.partition where kind = 'typing'"
            + " and upper <= tutti.clock() - interval '1 hour'");

    @TempDir
    Path directory;

    private EmbeddedDatabase server;
    private PostgresPool pool;
    private PostgresStreamStore store;
    private Database database;

    @BeforeEach
    void start() throws SQLException {
        server = EmbeddedDatabase.start(EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres")));
        pool = new PostgresPool(
                PostgresPoolSettings.of(new PostgresAddress(server.jdbcUrl(), server.user(), server.password()))
                        .withConnections(2, 0));
        store = PostgresStreamStore.open(pool, PostgresSchemaTest.POLICY);
        database = new Database(pool).within(SECOND);
        execute("create table one (n int)");
    }

    @AfterEach
    void stop() {
        pool.close();
        server.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Has commits wait for a standby, and tells how many rows were inserted meanwhile. */
    private int expectStandby() throws SQLException {
        execute("alter system set synchronous_standby_names = 'nobody'");
        execute("select pg_reload_conf()");
        AtomicInteger inserted = new AtomicInteger();
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> { // when the server has read its settings anew
                            inserted.incrementAndGet();
                            assertUnknown(() ->
                                    database.statement(connection -> INSERT.first(connection, rows -> rows.getInt(1))));
                        });
        return inserted.get();
    }

    private int count(Sql counted) {
        return database.statement(connection -> counted.first(connection, rows -> rows.getInt(1)))
                .orElseThrow();
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
        int inserted = expectStandby();

        assertUnknown(() -> store.append(APPENDS));

        assertThat(count(COUNT)).isEqualTo(inserted);
        execute("alter system reset synchronous_standby_names");
        execute("select pg_reload_conf()");
        assertThat(store.append(APPENDS).getFirst().repeated()).isTrue();
    }

    @Test
    void attributesThatNoStandbyHasAreNotSaidToBeKept() throws SQLException {
        try (PostgresAttributeStore attributes = new PostgresAttributeStore(pool, SECOND.multipliedBy(5))) {
            assertThat(change(attributes, "1")).isTrue();
            int inserted = expectStandby();

            assertUnknown(() -> change(attributes, "2"));
            assertUnknown(() -> attributes.replace(SESSION, cart("2"), cart("3")));

            assertThat(attributes.read(SESSION, HOUR).get("cart")).isEqualTo("3".getBytes(UTF_8));
            assertThat(attributes.read(SESSION, DAY)) // which also puts the end off, at no standby
                    .containsOnlyKeys("cart");
            assertThat(count(COUNT)).isEqualTo(inserted);
        }
    }

    private static boolean change(AttributeStore attributes, String cart) {
        return attributes.change(SESSION, cart(cart), Set.of(), AttributeStore.MAX_BYTES, HOUR);
    }

    private static Map<String, byte[]> cart(String value) {
        return Map.of("cart", value.getBytes(UTF_8));
    }

    @Test
    void eventsThatAreDeletedAtNoStandbyAreNotSaidToBeGone() throws SQLException {
        PostgresStreamStore quick = new PostgresStreamStore(pool, PostgresSchemaTest.POLICY, SECOND.multipliedBy(2));
        store.append(APPENDS);
        int inserted = expectStandby();

        assertUnknown(() -> quick.delete(NEWS, 1));

        assertThat(count(EVENTS)).isZero();
        assertThat(count(COUNT)).isEqualTo(inserted);
    }

    @Test
    void partitionsThatAreMadeAndDroppedAtNoStandbyEndNoStart() throws SQLException {
        PostgresStreamStore next = new PostgresStreamStore(pool, PostgresSchemaTest.POLICY, SECOND.multipliedBy(4));
        execute("create or replace function tutti.clock() returns timestamptz language sql stable as"
                + " 'select pg_catalog.clock_timestamp() + interval ''1 day'''");
        assertThat(count(EXPIRED)).isEqualTo(2);
        int inserted = expectStandby();

        next.retain();

        assertThat(count(PARTITIONS)).isEqualTo(2);
        assertThat(count(EXPIRED)).isZero();
        assertThat(count(COUNT)).isEqualTo(inserted);
    }
}
