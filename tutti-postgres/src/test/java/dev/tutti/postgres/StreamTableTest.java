package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How PostgreSQL finds streams by name, and what it deletes of them. */
class StreamTableTest extends AbstractDatabaseTest {
    private static final int SECONDS = 30;

    @Test
    void aPageOfStreamsIsReadFromTheIndexOfNames() throws SQLException {
        database.execute("insert into tutti.stream (name, head, at) select 'room:' || n, 1, clock_timestamp()"
                + " from generate_series(1, 20000) n");
        database.execute("analyze tutti.stream");

        String plan = explained(Map.of("from", "room:1", "before", "room:1\u007f", "limit", 100));

        assertThat(plan).contains("Index").contains("stream_name_key").doesNotContain("Seq Scan", "Sort");
    }

    private String explained(Map<String, Object> parameters) throws SQLException {
        Sql list = new Sql(
                "explain (costs off, format json) " + StreamTable.LIST.text(), StreamTable.LIST.parameters(), SECONDS);
        try (Connection connection = database.pool().getConnection()) {
            return list.first(connection, rows -> rows.getString(1), parameters).orElseThrow();
        }
    }

    @Test
    void eventsOfAllPartitionsAreDeletedOldestFirst() throws SQLException {
        PostgresStreamStore store = new PostgresStreamStore(
                database.pool(), RetentionPolicy.of(Retention.of(Duration.ofDays(30))), Duration.ofSeconds(SECONDS));
        StreamName stream = StreamName.of("room", "old");
        store.retain();
        for (int day = 0; day < 10; day++) {
            store.append(List.of(new Append(stream, "said", Json.of("1"))));
            database.pass(Duration.ofDays(1));
        }
        assertThat(database.value("select count(distinct tableoid) > 1 from tutti.event"))
                .isEqualTo("t");

        assertThat(store.delete(stream, 6)).isEqualTo(6);

        assertThat(database.value("select string_agg(seq::text, ' ' order by seq) from tutti.event"))
                .isEqualTo("7 8 9 10");
    }
}
