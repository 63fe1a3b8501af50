package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Each limit and each way of failing, with the error that it gives. */
class PostgresPoolTest extends AbstractDatabaseTest {
    private static final StreamName ROOM = new StreamName("room:1");
    private static final List<Append> EVENT = List.of(new Append(ROOM, "said", Json.of("1")));
    private static final RetentionPolicy WEEK = new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(7)));

    @Test
    void noFreeConnectionIsSaidAndNamesTheLimit() throws SQLException {
        PostgresPoolSettings one = settings(1, Duration.ofMillis(250), Duration.ofSeconds(30));
        try (PostgresPool pool = new PostgresPool(one)) {
            // the server may take longer to open it than the pool waits
            try (Connection _ = await().ignoreExceptionsInstanceOf(SQLTransientConnectionException.class)
                    .until(pool::getConnection, Objects::nonNull)) {
                assertFails(ErrorCode.UNAVAILABLE, () -> store(pool).now())
                        .hasMessage("no database connection was free in time")
                        .cause()
                        .hasMessageContaining(
                                "all 1 connections (this instance's share of DB_MAX_CONNECTIONS) were in use for PT0.25S");
                assertThat(pool.active()).isEqualTo(1);
            }
            await().ignoreExceptionsInstanceOf(TuttiException.class)
                    .until(() -> store(pool).now(), Objects::nonNull);
        }
    }

    @Test
    void aConnectionThatMayNotBeAnyMoreWhenItIsOpenIsClosed() throws SQLException {
        AtomicInteger asked = new AtomicInteger();
        PostgresPoolSettings settings = settings(1, Duration.ofSeconds(5), Duration.ofSeconds(30));
        try (RetryingConnector connector = new RetryingConnector(settings, () -> asked.incrementAndGet() != 2);
                Connection opened = connector.getConnection();
                Statement statement = opened.createStatement()) {
            assertThat(asked).as("before and behind each of two tries").hasValue(4);
            await().untilAsserted(() -> {
                try (ResultSet count =
                        statement.executeQuery("select count(*) from pg_stat_activity where application_name = '"
                                + settings.sessions() + "'")) {
                    assertThat(count.next()).isTrue();
                    assertThat(count.getInt(1)).isEqualTo(1);
                }
            });
        }
    }

    @Test
    void whoeverIsToldToEndWhileWaitingForAConnectionHasNotMetADefect() throws Exception {
        PostgresPoolSettings one = settings(1, Duration.ofSeconds(30), Duration.ofSeconds(30));
        try (PostgresPool pool = new PostgresPool(one);
                Connection _ = pool.getConnection()) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    store(pool).now();
                } catch (TuttiException e) {
                    thrown.complete(e);
                }
            });
            await().until(() -> pool.waiting() == 1);
            waiting.interrupt();
            assertThat(thrown.get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsSaidWithoutItsPassword() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        PostgresAddress nowhere = PostgresAddress.parse("postgresql://a:topsecret@127.0.0.1:" + port + "/x");
        PostgresPoolSettings settings = PostgresPoolSettings.of(nowhere)
                .withConnections(2, 0)
                .withTimes(Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(30));
        try (PostgresPool pool = new PostgresPool(settings)) {
            assertFails(ErrorCode.UNAVAILABLE, () -> store(pool).append(EVENT))
                    .hasMessage("the database cannot be reached")
                    .cause()
                    .hasMessage("no connection to jdbc:postgresql://127.0.0.1:" + port + "/x as a within PT0.5S")
                    .cause()
                    .hasMessageContaining("127.0.0.1:" + port + " refused");
        }
    }

    @Test
    void aStatementThatTakesTooLongIsSaid() throws SQLException {
        PostgresStreamStore impatient = new PostgresStreamStore(database.pool(), WEEK, Duration.ofSeconds(1));
        impatient.append(EVENT);
        try (Connection holder = database.pool().getConnection()) {
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("lock table tutti.stream in access exclusive mode");
            }

            assertFails(ErrorCode.TIMEOUT, () -> impatient.read(EVENT.getFirst().stream(), new Range.After(0), 1))
                    .hasMessage("the database did not answer in time");

            holder.rollback();
        }
        assertThat(impatient.append(EVENT).getFirst().seq()).isEqualTo(2);
    }

    @Tag("slow")
    @Test
    void statementsOfOthersHaveTheSameLimit() throws SQLException {
        PostgresPoolSettings quick = settings(2, Duration.ofSeconds(2), Duration.ofSeconds(1));
        try (PostgresPool pool = new PostgresPool(quick);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("select pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(PostgresFailure.of(e).code()).isEqualTo(ErrorCode.TIMEOUT));
        }
    }

    @Test
    void aTransactionThatStandsStillGivesItsStreamsBack() throws SQLException {
        PostgresPoolSettings quick = settings(2, Duration.ofSeconds(2), Duration.ofSeconds(1));
        try (PostgresPool pool = new PostgresPool(quick);
                Connection still = pool.getConnection()) {
            still.setAutoCommit(false);
            store(pool).append(still, EVENT);

            assertThat(await().ignoreExceptionsInstanceOf(TuttiException.class)
                            .until(() -> store(database.pool()).append(EVENT), Objects::nonNull)
                            .getFirst()
                            .seq())
                    .isEqualTo(1);
            assertFails(ErrorCode.UNAVAILABLE, () -> store(pool).append(still, EVENT));
        }
    }

    @Test
    void aConnectionThatTheServerCutIsReplaced() throws SQLException {
        PostgresStreamStore store = store(database.pool());
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> statement.execute("select pg_terminate_backend(pg_backend_pid())"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(PostgresFailure.of(e).code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
        assertThat(store.append(EVENT).getFirst().seq()).isEqualTo(1);
    }

    @Tag("slow")
    @Test
    void afterALongTimeWithoutTheFirstWhoAsksIsGivenAConnection() throws SQLException {
        AtomicBoolean allowed = new AtomicBoolean();
        try (PostgresPool pool = new PostgresPool(settings(2, Duration.ofSeconds(2), Duration.ofSeconds(30)))) {
            pool.openOnlyIf(allowed::get);
            for (int i = 0; i < 3; i++) {
                assertFails(ErrorCode.UNAVAILABLE, () -> store(pool).now())
                        .cause()
                        .cause()
                        .hasMessageContaining("heartbeats do not come through");
            }
            allowed.set(true);
            assertThat(store(pool).now()).isNotNull();
        }
    }

    @Test
    void nobodyGoesOnTryingForAPoolThatIsClosed() {
        AtomicReference<Thread> tries = new AtomicReference<>();
        try (PostgresPool pool = new PostgresPool(settings(2, Duration.ofMillis(250), Duration.ofSeconds(30)))) {
            pool.openOnlyIf(() -> {
                tries.set(Thread.currentThread());
                return false;
            });
            assertFails(ErrorCode.UNAVAILABLE, () -> store(pool).now());
        }
        Awaitility.await().untilAsserted(() -> assertThat(tries.get().isAlive()).isFalse());
    }

    @Test
    void connectionsAreCountedAndIdleOnesClosed() throws SQLException {
        try (Connection _ = database.pool().getConnection()) {
            assertThat(database.pool().active()).isEqualTo(1);
            assertThat(database.pool().waiting()).isZero();
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(database.pool().active()).isZero());
        assertThat(database.pool().idle()).isPositive();
    }

    @Test
    void aSmallerPoolClosesOnlyWhatIsTooMuch() throws SQLException {
        try (PostgresPool pool = new PostgresPool(settings(6, Duration.ofSeconds(5), Duration.ofSeconds(30)))) {
            Set<Integer> before = processes(pool, 6);

            pool.resize(4);

            Awaitility.await().until(() -> pool.open() == 4);
            assertThat(processes(pool, 4)).hasSize(4).isSubsetOf(before);
        }
    }

    /** What is in use goes on, and is not given out again. */
    @Test
    @Tag("slow")
    void aSmallerPoolCutsNobodyOff() throws SQLException {
        try (PostgresPool pool = new PostgresPool(settings(3, Duration.ofSeconds(5), Duration.ofSeconds(30)))) {
            List<Connection> used = List.of(pool.getConnection(), pool.getConnection(), pool.getConnection());

            pool.resize(1);

            for (Connection connection : used) {
                assertThat(connection.isValid(5)).isTrue();
                connection.close();
            }
            Awaitility.await().until(() -> pool.open() == 1);
            assertThat(processes(pool, 1)).hasSize(1);
        }
    }

    /** The server's processes behind so many connections. */
    private static Set<Integer> processes(PostgresPool pool, int connections) throws SQLException {
        List<Connection> taken = new ArrayList<>();
        Set<Integer> processes = new HashSet<>();
        for (int i = 0; i < connections; i++) {
            Connection connection = pool.getConnection();
            taken.add(connection);
            processes.add(connection.unwrap(PGConnection.class).getBackendPID());
        }
        for (Connection connection : taken) {
            connection.close();
        }
        return processes;
    }

    @Test
    void aDefectIsNotToldAsAnOutage() {
        assertThat(PostgresFailure.of(new SQLException("x", "42703")).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(PostgresFailure.of(new SQLException("x", "42P01")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        String operator = "operator does not exist: text = bigint\n  Where: PL/pgSQL function tutti.append(text[])";
        assertThat(PostgresFailure.of(new SQLException(operator, "42883")).code())
                .isEqualTo(ErrorCode.INTERNAL);
        assertThat(PostgresFailure.of(new SQLException("x")).code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(PostgresFailure.of(new SQLException("x", "08006")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(PostgresFailure.of(new SQLException("x", "57P03")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(PostgresFailure.of(new SQLException("x", "40P01")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(PostgresFailure.of(new SQLException("x", "53100")).code()).isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void settingsSayWhatIsAllowed() {
        PostgresPoolSettings settings = database.settings();

        assertThatThrownBy(() -> settings.withConnections(0, 0))
                .hasMessage("DB_MAX_CONNECTIONS is 0; allowed are 1 to 1000");
        assertThatThrownBy(() -> settings.withConnections(4, 5))
                .hasMessage("DB_MIN_CONNECTIONS is 5; allowed are 0 to 4");
        assertThatThrownBy(() -> settings(1, Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessage("acquire timeout is PT0S; allowed are PT0.25S and more");
        assertThatThrownBy(() -> new PostgresStreamStore(database.pool(), WEEK, Duration.ZERO))
                .hasMessage("statement timeout PT0S; allowed are PT1S and more");
    }

    private PostgresPoolSettings settings(int connections, Duration acquire, Duration statement) {
        return database.settings()
                .withConnections(connections, 0)
                .withTimes(Duration.ofSeconds(30), acquire, statement);
    }

    private static PostgresStreamStore store(PostgresPool pool) {
        return new PostgresStreamStore(pool, WEEK, Duration.ofSeconds(30));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertFails(ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
