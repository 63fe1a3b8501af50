package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The log and the feeds as programs with a role of their own see them in SQL. */
class LogViewsTest extends AbstractDatabaseTest {
    private static final Duration KEPT = Duration.ofDays(7);
    private static final RetentionPolicy POLICY =
            new RetentionPolicy(Map.of("news", Retention.of(KEPT)), Retention.of(KEPT));

    @Test
    void aRoleWithNoRightsToTheTablesReadsEvents() throws SQLException {
        PostgresStreamStore store = store();
        store.append(List.of(event("news:1", "1"), event("room:1", "2"), event("news:1", "3")));
        database.execute("create role reader nologin");
        database.execute("grant usage on schema tutti to reader");
        database.execute("grant select on tutti.streams, tutti.events to reader");

        assertThat(as("reader", """
                select string_agg(e.seq || ' ' || e.type || ' ' || convert_from(e.data, 'UTF8'), ', ' order by e.seq)
                from tutti.streams s
                join tutti.events e on e.kind = 'news' and e.stream_id = s.id
                where s.name = 'news:1' and e.seq <= s.head and e.at <= s.at
                """)).isEqualTo("1 said 1, 2 said 3");
        assertThatThrownBy(() -> as("reader", "select count(*) from tutti.event"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("reader", "select tutti.kept_since('news')"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> as("reader", "select tutti.delete_feed('order:1')"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void aQueryThatNamesAKindReadsThePartitionsOfThatKindAlone() throws SQLException {
        store().append(List.of(event("news:1", "1"), event("room:1", "2")));

        assertThat(database.value(
                        "explain (format json) select data from tutti.events where kind = 'news' and seq > 0"))
                .contains("event_news")
                .doesNotContain("event__others");
    }

    @Test
    void whatIsNotKeptAnyMoreIsSaidByKind() throws SQLException {
        assertThat(database.value("select tutti.kept_since('news')")).isEqualTo("null");
        PostgresStreamStore store = store();
        store.append(List.of(event("news:1", "1")));
        assertThat(database.value("select bool_and(at >= tutti.kept_since(kind)) from tutti.events"))
                .isEqualTo("t");
        database.execute("create table first as select now() as at, tutti.kept_since('room') as others");

        database.pass(KEPT.multipliedBy(3));
        store.retain();

        assertThat(database.value("select count(*) from tutti.events")).isEqualTo("0");
        assertThat(database.value(
                        "select tutti.kept_since('news') > at and tutti.kept_since('room') > others from first"))
                .isEqualTo("t");
    }

    @Test
    void aFeedIsDeletedOnceAndCountsFromOneAgain() throws SQLException {
        database.value("select tutti.publish_feed('order:1', 7, '1')");

        assertThat(database.value("select tutti.delete_feed('order:1')")).isEqualTo("t");
        assertThat(database.value("select tutti.delete_feed('order:1')")).isEqualTo("f");
        assertThat(database.value("select tutti.publish_feed('order:1', 1, '1')"))
                .isEqualTo("1");
    }

    private PostgresStreamStore store() {
        PostgresStreamStore store = new PostgresStreamStore(database.pool(), POLICY, Duration.ofSeconds(30));
        store.retain();
        return store;
    }

    private static Append event(String stream, String json) {
        return new Append(new StreamName(stream), "said", Json.of(json), null);
    }

    private String as(String role, String sql) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false); // the role is given back with the end of the transaction
            statement.execute("set local role " + role);
            try (ResultSet rows = statement.executeQuery(sql)) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
            }
        }
    }
}
