package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.proxy.Direction;
import dev.tutti.testkit.proxy.FaultProxy;
import dev.tutti.testkit.proxy.LinkFault;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Connections to the server whose other end is gone without a word, while new ones are well: each costs seconds. The pool's limit for
 * statements is 30 s, which is too long for any of these.
 */
@Timeout(value = 28, unit = TimeUnit.SECONDS)
class VanishedLinkTest {
    private static final Duration WITHIN = Duration.ofSeconds(25);
    private static final StreamName ROOM = new StreamName("room:1");
    private static final List<Append> FIRST = List.of(new Append(ROOM, "said", Json.of("1"), "first"));
    private static final List<Append> SECOND = List.of(new Append(ROOM, "said", Json.of("2"), "second"));
    private static final RetentionPolicy WEEK = new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(7)));
    private static final Sql ONE = new Sql("select 1");
    private static final Sql SLOW = new Sql("select 1 from pg_sleep(5)");

    /** What happens when a connection has been lent, before it is used. */
    private final AtomicReference<Runnable> lent = new AtomicReference<>(() -> {});

    private TestDatabase database;
    private FaultProxy proxy;
    private PostgresPool pool;

    @BeforeEach
    void open() throws SQLException, IOException {
        database = TestDatabase.migrated();
        URI server = URI.create(database.settings().address().jdbcUrl().substring("jdbc:".length()));
        proxy = FaultProxy.to(server.getPort(), 0);
        pool = new PostgresPool(through(proxy.port()));
        direct().retain();
    }

    @AfterEach
    void close() throws SQLException {
        proxy.close(); // first, so that nothing waits for what vanished
        pool.close();
        database.close();
    }

    private PostgresPoolSettings through(int port) {
        PostgresPoolSettings direct = database.settings();
        String url = direct.address().jdbcUrl();
        int server = URI.create(url.substring("jdbc:".length())).getPort();
        PostgresAddress address = new PostgresAddress(
                url.replace(":" + server + "/", ":" + port + "/"),
                direct.address().user(),
                direct.address().password());
        return direct.at(address, false)
                .withConnections(1, 0)
                .withTimes(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    private void vanish() {
        proxy.become(new LinkFault.Vanished());
    }

    /** The pool, each connection of which has {@link #lent} happen to it, once. */
    private DataSource lending() {
        return (DataSource) Proxy.newProxyInstance(
                DataSource.class.getClassLoader(), new Class<?>[] {DataSource.class}, (_, called, arguments) -> {
                    try {
                        Object result = called.invoke(pool, arguments);
                        if (result instanceof Connection) {
                            lent.getAndSet(() -> {}).run();
                        }
                        return result;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause() == null ? failure : failure.getCause();
                    }
                });
    }

    private PostgresStreamStore store() {
        return new PostgresStreamStore(lending(), WEEK, Duration.ofSeconds(30));
    }

    /** Past the proxy. */
    private PostgresStreamStore direct() {
        return new PostgresStreamStore(database.pool(), WEEK, Duration.ofSeconds(30));
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void aLineThatVanishesInTheMiddleOfANotificationIsOpenedAnew() throws Exception {
        AtomicInteger heard = new AtomicInteger();
        AtomicInteger losses = new AtomicInteger();
        try (ControlConnection control = new ControlConnection(through(proxy.port()))) {
            control.onLoss(losses::incrementAndGet);
            control.listen("much", _ -> heard.incrementAndGet());
            assertThat(control.<String>run(_ -> "open")).isEqualTo("open");
            proxy.become(new LinkFault.Throttled(20)); // a byte at a time
            long before = proxy.bytes();
            database.execute("select pg_notify('much', repeat('x', 7000))");
            await().atMost(WITHIN).until(() -> proxy.bytes() > before);

            vanish();

            await().atMost(WITHIN)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> control.runFirst(_ -> "back"), "back"::equals);
            database.execute("notify much");
            await().atMost(WITHIN).until(() -> heard.get() == 1);
            assertThat(losses).hasValue(1);
        }
    }

    /** As the server does not hear that they were closed; it would count them for two hours. */
    @Test
    void theServerLooksWhetherThoseAreThereThatSayNothing() throws SQLException {
        try (ControlConnection control = new ControlConnection(through(proxy.port()))) {
            assertThat(control.<String>run(VanishedLinkTest::keepalive)).isEqualTo("5 5 2 15000");
        }
        try (Connection connection = pool.getConnection()) {
            assertThat(keepalive(connection)).isEqualTo("5 5 2 15000");
        }
    }

    /** As the server's kernel has it. */
    private static String keepalive(Connection connection) throws SQLException {
        StringJoiner values = new StringJoiner(" ");
        for (String setting :
                List.of("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout")) {
            values.add(new Sql("show " + setting)
                    .first(connection, rows -> rows.getString(1))
                    .orElseThrow());
        }
        return values.toString();
    }

    @Test
    void theSessionOfAConnectionThatVanishedIsEndedBeforeAnotherIsOpened() throws SQLException {
        try (ControlConnection control = new ControlConnection(database.settings())) {
            pool.count(new OpenedSessions(control, database.settings().sessions(), pool::size));
            int vanished;
            try (Connection connection = pool.getConnection()) {
                vanished = session(connection);
                vanish();
                pool.renew(); // so that it is closed when it is given back, which the server does not hear of
            }

            try (Connection connection = pool.getConnection()) {
                assertThat(sessions(connection)).contains(session(connection)).doesNotContain(vanished);
            }
        }
    }

    @Test
    void theSessionOfAControlConnectionThatVanishedIsEndedByTheNext() throws SQLException {
        try (ControlConnection control = new ControlConnection(through(proxy.port()))) {
            int vanished = control.run(VanishedLinkTest::session);

            vanish();

            await().atMost(WITHIN)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> control.run(VanishedLinkTest::sessions), sessions -> !sessions.contains(vanished));
        }
    }

    /** After a restart of the server, numbers are given again. */
    @Test
    void aConnectionDoesNotEndItsOwnSessionForANumberThatIsGivenAgain() throws SQLException {
        try (ControlConnection control = new ControlConnection(database.settings())) {
            int own = control.run(VanishedLinkTest::session);
            String name = database.settings().sessions();

            assertThat(control.<List<Long>>run(connection -> OpenedSessions.end(connection, name, Set.of((long) own))))
                    .isEmpty();

            assertThat(control.<Integer>run(VanishedLinkTest::session)).isEqualTo(own);
        }
    }

    private static int session(Connection connection) throws SQLException {
        return new Sql("select pg_backend_pid()")
                .first(connection, rows -> rows.getInt(1))
                .orElseThrow();
    }

    /** Those that the server has for this instance. */
    private static List<Integer> sessions(Connection connection) throws SQLException {
        return new Sql("select pid from pg_stat_activity where application_name = current_setting('application_name')")
                .list(connection, rows -> rows.getInt(1));
    }

    @Test
    void aServerThatAcceptsTheLineAndIsSilentIsLeftWithinSeconds() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            silent.setSoTimeout((int) WITHIN.toMillis());
            try (ControlConnection _ = new ControlConnection(through(silent.getLocalPort()));
                    Socket first = silent.accept();
                    Socket second = silent.accept()) {
                assertThat(second.getPort()).isNotEqualTo(first.getPort());
            }
        }
    }

    @Test
    void whatIsAskedOfAVanishedConnectionFailsAndTheNextIsAnsweredByAnother() {
        Database prompt = new Database(lending()).within(Duration.ofSeconds(2));
        lent.set(this::vanish);

        assertUnavailable(() -> prompt.statement(connection -> ONE.first(connection, rows -> rows.getInt(1))));

        Optional<Integer> answer = prompt.statement(connection -> ONE.first(connection, rows -> rows.getInt(1)));
        assertThat(answer).contains(1);
    }

    @Test
    void aTransactionWhoseConnectionVanishesIsNotRepeated() {
        Database prompt = new Database(lending()).within(Duration.ofSeconds(2));
        AtomicInteger tries = new AtomicInteger();

        assertUnavailable(() -> prompt.transaction(connection -> {
            tries.incrementAndGet();
            Optional<Integer> answer = ONE.first(connection, rows -> rows.getInt(1));
            vanish(); // so that the answer to the commit does not come
            return answer;
        }));

        assertThat(tries).hasValue(1);
    }

    @Tag("slow")
    @Test
    void theAnswerToAnAppendThatVanishedLeavesItsOutcomeUnknownAndItCanBeRepeatedByItsKey() throws Exception {
        PostgresStreamStore store = store();
        store.append(FIRST);
        lent.set(() -> proxy.become(new LinkFault.Stalled(Direction.BACK)));
        CompletableFuture<Throwable> failure =
                CompletableFuture.supplyAsync(() -> catchThrowable(() -> store.append(SECOND)));
        PostgresStreamStore direct = direct();
        await().atMost(WITHIN)
                .until(() -> direct.read(ROOM, new Range.After(1), 1) instanceof ReadResult.Page page
                        && !page.events().isEmpty());

        vanish();

        assertThat(failure.get())
                .isNotInstanceOf(NothingAppendedException.class)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(store.append(SECOND).getFirst().repeated()).isTrue();
    }

    @Tag("slow")
    @Test
    void aSweepGoesOnWithinSeconds() {
        PostgresStreamStore store = store();
        Position since = store.now();
        store.append(FIRST);
        lent.set(this::vanish);

        assertUnavailable(() -> store.changes(since));

        assertThat(store.changes(since).heads()).containsEntry(ROOM, 1L);
    }

    @Tag("slow")
    @Test
    void aFeedIsReadAgainWithinSeconds() {
        try (ControlConnection control = new ControlConnection(database.settings())) {
            PostgresFeedStore feeds = new PostgresFeedStore(lending(), control, Duration.ofSeconds(30));
            FeedKey key = new FeedKey("score:1");
            FeedState state = new FeedState(key, 1, Optional.of(Json.of("1")));
            feeds.put(state, "here");
            lent.set(this::vanish);

            assertUnavailable(() -> feeds.newer(Map.of(key, 0L)));

            assertThat(feeds.newer(Map.of(key, 0L))).containsExactly(state);
        }
    }

    @Test
    void aNarrowerBoundIsOfOnePieceOfWork() throws SQLException {
        int narrow = new Database(pool).within(Duration.ofSeconds(2)).statement(Connection::getNetworkTimeout);
        assertThat(narrow).isEqualTo(3_000);
        try (Connection again = pool.getConnection()) {
            assertThat(again.getNetworkTimeout()).isEqualTo(32_000);
        }
    }

    @Test
    void workThatWasSlowLeavesTwiceItsTimeToTheNext() {
        AtomicLong now = new AtomicLong();
        Database prompt = new Database(pool, now::get).within(Duration.ofSeconds(2));
        long _ = prompt.statement(_ -> now.addAndGet(Duration.ofSeconds(5).toNanos()));

        int afterSlow = prompt.statement(Connection::getNetworkTimeout);
        int afterQuick = prompt.statement(Connection::getNetworkTimeout);

        assertThat(afterSlow).isEqualTo(12_000);
        assertThat(afterQuick).isEqualTo(3_000);
    }

    @Tag("slow")
    @Test
    void whatTheServerIsSlowToDoIsGivenMoreTimeUntilItIsDone() {
        Database prompt = new Database(pool).within(Duration.ofSeconds(4));
        assertThatThrownBy(() -> prompt.statement(connection -> SLOW.first(connection, rows -> rows.getInt(1))))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));

        await().atMost(WITHIN)
                .ignoreExceptionsInstanceOf(TuttiException.class)
                .until(
                        () -> prompt.statement(connection -> SLOW.first(connection, rows -> rows.getInt(1))),
                        Optional::isPresent);
    }
}
