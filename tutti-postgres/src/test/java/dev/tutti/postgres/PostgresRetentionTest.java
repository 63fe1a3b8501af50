package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Json;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What becomes of the tables: partitions made, dropped and moved to, and a database restored elsewhere. */
class PostgresRetentionTest extends AbstractDatabaseTest {
    private static final RetentionPolicy WEEK = new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(7)));
    private static final RetentionPolicy NEWS =
            new RetentionPolicy(Map.of("news", Retention.of(Duration.ofDays(30))), Retention.of(Duration.ofDays(7)));
    private static final StreamName STREAM = new StreamName("news:1");

    @Test
    void anAppendThatFindsNoPartitionMakesIt() throws SQLException {
        assertThat(store(WEEK).append(List.of(event(1), event(2)))).hasSize(2);

        assertThat(database.value("select count(*) from tutti.partition")).isEqualTo("1");
    }

    @Test
    void partitionsAreMadeForNowAndForNext() throws SQLException {
        store(NEWS).retain();
        store(NEWS).retain();

        assertThat(database.value("select string_agg(kind || ' ' || upper - lower, ', ' order by kind, lower)"
                        + " from tutti.partition"))
                .isEqualTo(" 21:00:00,  21:00:00, news 3 days 18:00:00, news 3 days 18:00:00");
        assertThat(database.value("select count(*) from tutti.partition where tutti.clock() between lower and upper"))
                .isEqualTo("2");
        assertThat(
                        database.value(
                                "select count(*) from tutti.partition a join tutti.partition b on a.kind = b.kind and a.upper = b.lower"))
                .isEqualTo("2");
    }

    @Test
    void partitionsFollowEachOtherAfterAPauseAndWithAnotherWidth() throws SQLException {
        store(NEWS).retain();
        pass(Duration.ofDays(10).plusMinutes(1));
        RetentionPolicy wider = new RetentionPolicy(
                Map.of("news", Retention.of(Duration.ofDays(77))), Retention.of(Duration.ofDays(7)));
        store(wider).retain();
        store(wider).append(List.of(event(1)));

        assertThat(database.value("select count(*) from tutti.partition a join tutti.partition b on a.kind = b.kind"
                        + " and a.name < b.name and a.lower < b.upper and b.lower < a.upper"))
                .isEqualTo("0");
    }

    @Test
    void aPartitionIsDroppedWhenEverythingInItIsTooOld() throws SQLException {
        PostgresStreamStore store = store(NEWS);
        store.retain();
        store.append(List.of(event(1)));
        String table = database.value("select tableoid::regclass from tutti.event");
        long left = Long.parseLong(
                database.value(
                        "select ceil(extract(epoch from p.upper - tutti.clock()))"
                                + " from tutti.partition p join pg_class c on c.relname = p.name join tutti.event e on e.tableoid = c.oid"));
        pass(Duration.ofSeconds(left).plusDays(30).minusHours(1));
        store.append(List.of(event(2)));

        store.retain();

        assertThat(database.value("select count(*) from tutti.event")).isEqualTo("2");

        pass(Duration.ofHours(2));
        store.retain();

        assertThat(database.value("select to_regclass('" + table + "')")).isEqualTo("null");
        assertThat(database.value("select count(*) from tutti.event")).isEqualTo("1");
        assertThat(database.value(
                        "select count(*) from tutti.partition where upper <= tutti.clock() - interval '30 days'"
                                + " and kind = 'news'"))
                .isEqualTo("0");
    }

    @Test
    void anInstanceThatDoesNotNameAKindDropsNothingOfIt() throws SQLException {
        PostgresStreamStore store = store(NEWS);
        store.retain();
        store.append(List.of(event(1)));
        pass(Duration.ofDays(20));

        store(WEEK).retain();

        assertThat(database.value("select count(*) from tutti.event")).isEqualTo("1");
    }

    @Test
    void aPartitionInUseIsDroppedLater() throws SQLException {
        PostgresStreamStore store = store(NEWS);
        store.retain();
        store.append(List.of(event(1)));
        pass(Duration.ofDays(40));
        try (Connection reader = database.pool().getConnection()) {
            reader.setAutoCommit(false);
            reader.createStatement().execute("select count(*) from tutti.event");

            store.retain();

            assertThat(store.append(List.of(event(2))).getFirst().seq()).isEqualTo(2);
            reader.rollback();
        }
        assertThat(database.value("select count(*) from tutti.event")).isEqualTo("2");
        store.retain();
        assertThat(database.value("select count(*) from tutti.event")).isEqualTo("1");
    }

    @Test
    void aKindThatIsDeclaredLaterTakesItsEventsWithIt() throws SQLException {
        PostgresStreamStore before = store(WEEK);
        before.retain();
        before.append(List.of(event(1), event(2), new Append(new StreamName("other:1"), "said", Json.of("1"))));
        Position position = before.now();
        pass(Duration.ofDays(2));
        before.append(List.of(event(3)));

        PostgresStreamStore after = store(NEWS);
        after.retain();

        assertThat(
                        database.value(
                                "select string_agg(distinct p.kind || ' ' || e.kind, ', ' order by p.kind || ' ' || e.kind)"
                                        + " from tutti.event e join pg_class c on c.oid = e.tableoid join tutti.partition p on p.name = c.relname"))
                .isEqualTo(" other, news news");
        assertThat(after.read(STREAM, new Range.After(0), 10))
                .isInstanceOfSatisfying(
                        ReadResult.Page.class, page -> assertThat(page.events()).hasSize(3));
        assertThat(after.append(List.of(event(2))))
                .extracting(Appended::repeated)
                .containsExactly(true);
        assertThat(after.seen(position, List.of(STREAM))).containsEntry(STREAM, 2L);
        assertThat(after.changes(position).heads()).containsExactly(Map.entry(STREAM, 3L));
        assertThat(after.append(List.of(event(4))).getFirst().seq()).isEqualTo(4);
    }

    @Test
    void aClockThatGoesBackDoesNotMakeTimeGoBackInAStream() throws SQLException {
        PostgresStreamStore store = store(NEWS);
        store.retain();
        Appended first = store.append(List.of(event(1))).getFirst();
        database.execute("create or replace function tutti.clock() returns timestamptz language sql stable as"
                + " 'select pg_catalog.clock_timestamp() - interval ''10 days'''");

        assertThat(store.append(List.of(event(2))).getFirst().at()).isEqualTo(first.at());
        assertThat(store.append(List.of(new Append(new StreamName("news:2"), "said", Json.of("1")))))
                .hasSize(1);
    }

    @Test
    void aDatabaseRestoredElsewhereBeginsANewLife() throws SQLException {
        PostgresStreamStore store = store(NEWS);
        store.retain();
        store.append(List.of(event(1), event(2)));
        Position former = store.now();
        // As after a dump was loaded into a server that has seen fewer transactions.
        database.execute("update tutti.event set xid = (xid::text::bigint + 1000000)::text::xid8");
        database.execute("update tutti.stream set xid = (xid::text::bigint + 1000000)::text::xid8");

        store.retain();

        assertRefused(() -> store.seen(former, List.of(STREAM)));
        assertRefused(() -> store.changes(former));
        Position position = store.now();
        assertThat(store.seen(position, List.of(STREAM))).containsEntry(STREAM, 2L);
        assertThat(store.changes(position).heads()).isEmpty();
        store.append(List.of(event(3)));
        assertThat(store.seen(position, List.of(STREAM))).containsEntry(STREAM, 2L);
        assertThat(store.changes(position).heads()).containsExactly(Map.entry(STREAM, 3L));
        String life = database.value("select id from tutti.life");
        store.retain();
        assertThat(database.value("select id from tutti.life")).isEqualTo(life);
    }

    @Test
    void appendsMeanwhileDoNotBeginANewLife() throws Exception {
        PostgresStreamStore store = store(WEEK);
        store.retain();
        String life = database.value("select id from tutti.life");
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            StreamName stream = new StreamName("busy:" + i);
            others.add(Thread.ofVirtual().start(() -> {
                while (!done.get()) {
                    store.append(List.of(new Append(stream, "test", Json.of("null"))));
                }
            }));
        }
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 500; i++) {
                statement.execute("discard plans"); // as in a process that has just started
                try (ResultSet row = statement.executeQuery("select tutti.rebase()")) {
                    row.next();
                    assertThat(row.getBoolean(1)).as("call " + i).isFalse();
                }
            }
        } finally {
            done.set(true);
            for (Thread other : others) {
                other.join();
            }
        }
        assertThat(database.value("select id from tutti.life")).isEqualTo(life);
    }

    @Test
    void aConnectionThatBreaksIsToldAsWhatItIs() throws SQLException {
        database.execute("create or replace function tutti.rebase(by_operator boolean default false) returns boolean"
                + " language plpgsql as"
                + " 'begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(60); return false; end'");

        assertThatThrownBy(() -> store(WEEK).retain())
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasRootCauseInstanceOf(SQLException.class)
                .hasStackTraceContaining("terminating connection");
    }

    @Test
    void aPositionOfAnotherDatabaseIsRefused() throws SQLException {
        try (TestDatabase other = TestDatabase.empty()) {
            PostgresSchema.migrate(other.pool());
            Position foreign = new PostgresStreamStore(other.pool(), WEEK, Duration.ofSeconds(30)).now();

            assertRefused(() -> store(WEEK).changes(foreign));
            assertRefused(() -> store(WEEK).seen(foreign, List.of(STREAM)));
        }
    }

    @Test
    void agesBeyondEveryCalendarAreKept() {
        RetentionPolicy ever = new RetentionPolicy(
                Map.of("news", Retention.of(Duration.ofSeconds(Long.MAX_VALUE))), Retention.of(Duration.ofDays(7)));
        PostgresStreamStore store = store(ever);
        store.retain();

        store.append(List.of(event(1)));

        assertThat(store.read(STREAM, new Range.After(0), 10))
                .isInstanceOfSatisfying(
                        ReadResult.Page.class, page -> assertThat(page.events()).hasSize(1));
    }

    private PostgresStreamStore store(RetentionPolicy policy) {
        return new PostgresStreamStore(database.pool(), policy, Duration.ofSeconds(30));
    }

    private void pass(Duration time) throws SQLException {
        Duration passed = Duration.ofSeconds(
                Long.parseLong(database.value("select round(extract(epoch from tutti.clock() - clock_timestamp()))")));
        database.execute("create or replace function tutti.clock() returns timestamptz language sql stable as"
                + " 'select pg_catalog.clock_timestamp() + interval ''"
                + passed.plus(time).toSeconds() + " s'''");
    }

    private static Append event(int number) {
        return new Append(STREAM, "said", Json.of("" + number), "k" + number);
    }

    private static void assertRefused(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));
    }
}
