package dev.tutti.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.Role;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Append;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An instance of the last release beside one of this: during a rolling deploy both use the schema of the newer one. The
 * statements of the last release are in {@code last_release}, as it sends them; at the next release they are replaced by
 * its own.
 */
class LastReleaseTest {
    private static final String ITS_SCHEMA = "8";
    private static final StreamName ROOM = new StreamName("room:1");
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private TestDatabase database;
    private PostgresStreamStore store;

    @BeforeEach
    void upgrade() throws SQLException {
        database = TestDatabase.empty();
        Flyway.configure(PostgresSchema.class.getClassLoader())
                .dataSource(database.pool())
                .locations("classpath:dev/tutti/postgres/migration")
                .defaultSchema("tutti")
                .table("stream_schema_history")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .target(ITS_SCHEMA)
                .load()
                .migrate();
        rows("stream/cover_ahead", Map.of());
        append("before the upgrade", "k1");
        PostgresSchema.migrate(database.pool());
        store = new PostgresStreamStore(
                database.pool(), RetentionPolicy.of(Retention.of(Duration.ofDays(7))), Duration.ofSeconds(30));
        store.retain();
    }

    @AfterEach
    void close() throws SQLException {
        database.close();
    }

    @Test
    void bothAppendToOneStreamAndReadWhatTheOtherDid() throws SQLException {
        String position = text(rows("stream/now", Map.of()), "now");
        append("old", "k2");
        store.append(List.of(new Append(ROOM, "said", Json.of("\"new\""), "k3")));
        append("old again", null);
        append("repeated", "k3");

        List<String> expected = List.of("\"before the upgrade\"", "\"old\"", "\"new\"", "\"old again\"");
        assertThat(store.read(ROOM, new Range.After(0), 10))
                .isInstanceOfSatisfying(
                        ReadResult.Page.class,
                        page -> assertThat(page.events())
                                .extracting(Event::data)
                                .extracting(Json::toString)
                                .isEqualTo(expected));
        assertThat(texts(rows("stream/read_after", read(0)), "data")).isEqualTo(expected);
        assertThat(texts(rows("stream/read_before", read(9)), "data")).isEqualTo(expected.reversed());

        List<Map<String, Object>> changes =
                rows("stream/changes", Map.of("since", position, "most_events", 100L, "most_streams", 100L));
        assertThat(changes).singleElement().satisfies(row -> {
            assertThat(row).containsEntry("name", "room:1").containsEntry("head", 4L);
            assertThat(Long.parseLong(String.valueOf(row.get("events")))).isEqualTo(3);
        });
        assertThat(rows("stream/seen", Map.of("position", position, "names", new String[] {"room:1"})))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("seq", 1L));
    }

    @Test
    void itKeepsHouse() throws SQLException {
        rows("stream/declare", Map.of("kind", "typing", "width", 3_600.0));
        rows("stream/cover_ahead", Map.of());
        rows(
                "stream/drop_expired",
                Map.of("kinds", new String[] {"typing"}, "ages", new Double[] {60.0}, "other_age", 86_400.0));
        assertThat(rows("stream/rebase", Map.of()).getFirst()).containsValue(false);
        store.retain();
    }

    @Test
    void bothAreMembersAndShareTheConnections() throws SQLException {
        UUID old = UUID.randomUUID();
        Map<String, Object> values = new HashMap<>(
                Map.of("incarnation", old, "instance", "old", "address", "", "role", "all", "draining", false));
        values.putAll(Map.of("revision", 0L, "sessions", "tutti old", "silence", 5.0));
        try (ControlConnection control =
                new ControlConnection(database.settings().named("tutti new"))) {
            PostgresMemberStore members = new PostgresMemberStore(control, "tutti new");
            Member self = new Member(UUID.randomUUID(), "new", "", Role.ALL, false, 0);
            members.join(self, SILENCE);
            rows("member/join", values);

            assertThat(members.heartbeat(Heartbeat.of(self), SILENCE).members())
                    .extracting(Member::instance)
                    .containsExactlyInAnyOrder("old", "new");
            assertThat(texts(rows("member/beat", values), "instance")).containsExactlyInAnyOrder("old", "new");
            Map<String, Object> claim = Map.of("incarnation", old, "wanted", 100, "budget", 10);
            assertThat(rows("member/claim_connections", claim).getFirst()).containsValue(9);

            rows("member/leave", Map.of("incarnation", old));
            assertThat(members.heartbeat(Heartbeat.of(self), SILENCE).members())
                    .extracting(Member::instance)
                    .containsExactly("new");
        }
    }

    @Test
    void connectionsMoveBetweenThem() throws SQLException {
        PostgresRecoveryStore recovery = new PostgresRecoveryStore(database.pool(), Duration.ofSeconds(30));
        UUID old = UUID.randomUUID();
        UUID now = UUID.randomUUID();
        rows("recovery/add", connection("k", old, 1, "{}"));
        rows("recovery/save", connection("k", old, 1, "{\"a\":1}"));
        rows("recovery/lost", Map.of("keys", new String[] {"k"}, "claims", new String[] {"1"}));

        var taken = recovery.take("k", now, Duration.ofMinutes(2)).orElseThrow();
        assertThat(taken.state()).isEqualTo(Json.of("{\"a\":1}"));
        recovery.lost(List.of(taken));
        assertThat(rows("recovery/take", Map.of("key", "k", "owner", old, "window", 120.0)))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("claim", 3L));
        rows("recovery/move", Map.of("before", old, "now", now));
        rows("recovery/orphan", Map.of("alive", new String[] {now.toString()}));
        rows("recovery/expire", Map.of("window", 120.0));
        rows("recovery/forget", connection("k", now, 3, "{}"));
        assertThat(database.value("select count(*) from tutti.continuation")).isEqualTo("0");
    }

    @Test
    void itsBusWorksOn() throws SQLException {
        rows("bus/notify", Map.of("channels", new String[] {"app_events_1"}, "payloads", new String[] {"AAAA"}));
        Object id = rows("bus/store", Map.of("content", "large".getBytes(UTF_8)))
                .getFirst()
                .get("id");
        assertThat(texts(rows("bus/load", Map.of("id", id)), "content")).containsExactly("large");
        rows("bus/forget", Map.of());
    }

    private void append(String text, @Nullable String key) throws SQLException {
        Map<String, Object> values = new HashMap<>();
        values.put("names", new String[] {"room:1"});
        values.put("types", new String[] {"said"});
        values.put("keys", new @Nullable String[] {key});
        values.put("contents", new byte[][] {("\"" + text + "\"").getBytes(UTF_8)});
        assertThat(rows("stream/append", values)).hasSize(1);
    }

    private static Map<String, Object> read(long seq) {
        Map<String, Object> values = new HashMap<>(Map.of("name", "room:1", "kind", "room", "seq", seq));
        values.putAll(Map.of("limit", 100, "most_bytes", 1_000_000, "most_kept", 1_000_000_000L));
        values.put("oldest_kept", 86_400.0);
        return values;
    }

    private static Map<String, Object> connection(String key, UUID owner, long claim, String state) {
        return Map.of("key", key, "owner", owner, "claim", claim, "state", state.getBytes(UTF_8));
    }

    /** What a statement of the last release answers. */
    private List<Map<String, Object>> rows(String statement, Map<String, Object> values) throws SQLException {
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Connection connection = database.pool().getConnection();
                PreparedStatement prepared = Sql.resource(LastReleaseTest.class, "last_release/" + statement)
                        .prepare(connection, values)) {
            if (prepared.execute()) {
                try (ResultSet result = prepared.getResultSet()) {
                    while (result.next()) {
                        Map<String, Object> row = new HashMap<>();
                        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                            row.put(result.getMetaData().getColumnLabel(i), result.getObject(i));
                        }
                        rows.add(row);
                    }
                }
            }
        }
        return rows;
    }

    private static List<String> texts(List<Map<String, Object>> rows, String column) {
        return rows.stream().map(row -> text(List.of(row), column)).toList();
    }

    private static String text(List<Map<String, Object>> rows, String column) {
        Object value = rows.getFirst().get(column);
        return value instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(value);
    }
}
