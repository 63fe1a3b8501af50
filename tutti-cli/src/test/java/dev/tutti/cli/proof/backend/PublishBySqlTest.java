package dev.tutti.cli.proof.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.cli.proof.EqualInstances;
import dev.tutti.cli.proof.Solo;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.client.ServerApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Programs that publish by SQL, in their own transactions, and have nothing but the database. The server sweeps so seldom that what a
 * subscriber hears was told by the database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishBySqlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String SELDOM = "1m";
    private static final Path EXAMPLES = Path.of("..", "examples", "backend");

    private EqualInstances instances;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        instances = EqualInstances.start(directory, 1, Map.of("TUTTI_SWEEP_INTERVAL", SELDOM));
        api = instances.apis().getFirst();
    }

    @AfterAll
    void stop() {
        instances.close();
    }

    @Test
    void whatIsPublishedBySqlReachesSubscribersWhenItIsCommitted() throws Exception {
        Account reader = reader("room:sql");
        try (JsonSocket socket = api.socket(reader);
                Connection database = connect()) {
            socket.say(Map.of("op", "subscribe", "id", 1, "stream", "room:sql", "after", 0));
            heard(socket, "ok");
            database.setAutoCommit(false);

            select(database, "select tutti.publish('room:sql', 'lost', '1')");
            database.rollback();
            select(database, "select tutti.publish('room:sql', 'kept', '{\"price\": 12.25}')");
            database.commit();

            JsonNode event = heard(socket, "event");
            assertThat(event.toString()).contains("\"kept\"", "12.25");
        }
    }

    @Test
    void theExampleInSqlTellsOfATablesChanges() throws Exception {
        Account reader = reader("room:orders");
        try (Connection database = connect();
                Statement statement = database.createStatement()) {
            statement.execute(Files.readString(EXAMPLES.resolve("orders.sql")));
            statement.execute("insert into orders (status) values ('new')");
            statement.execute("update orders set status = 'paid'");
        }

        assertThat(api.get("/api/streams/room:orders", reader).path("events").findValuesAsString("type"))
                .containsExactly("order.insert", "order.update");
    }

    @Test
    void aRoleCanBeGrantedThatAlone() throws Exception {
        try (Connection database = connect();
                Statement statement = database.createStatement()) {
            statement.execute("create role reporter; grant usage on schema tutti to reporter; set role reporter");
            assertThatThrownBy(() -> select(database, "select tutti.publish('room:reports', 'made', '1')"))
                    .hasMessageContaining("permission denied");
            statement.execute("reset role");
            statement.execute("grant execute on function tutti.publish(text, text, jsonb, text) to reporter");
            statement.execute("set role reporter");

            select(database, "select tutti.publish('room:reports', 'made', '1')");

            assertThatThrownBy(() -> select(database, "select * from tutti.event"))
                    .hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'nokind', 'said', '1'           | stream name 'nokind' is not of the form
            null, 'said', '1'               | stream name null is not of the form
            'socketio:room', 'said', '1'    | the kind socketio are those of the server itself
            'job:1', 'said', '1'            | the kind job are those of the server itself
            'audit:log', 'said', '1'        | the kind audit are those of the server itself
            'room:a', 'two words', '1'      | event type 'two words' is not
            'room:a', 'said', null          | event data is null
            'room:a', 'said', '1', 'a b'    | event key 'a b' is not
            'room:a', 'said', to_jsonb(repeat('x', 262143)) | event data has 262145 bytes
            """)
    void sqlIsToldWhatIsNotAllowed(String arguments, String message) throws Exception {
        try (Connection database = connect()) {
            assertThatThrownBy(() -> select(database, "select tutti.publish(" + arguments + ")"))
                    .hasMessageContaining(message);
        }
    }

    private Connection connect() throws SQLException {
        PostgresAddress address = PostgresAddress.parse(instances.postgres().url());
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    /** The next message with {@code op}. */
    private static JsonNode heard(JsonSocket socket, String op) throws InterruptedException {
        while (true) {
            JsonNode message = socket.hear(PATIENCE).orElseThrow();
            if (message.path("op").asString().equals(op)) {
                return message;
            }
        }
    }

    private static void select(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.executeQuery(sql).close();
        }
    }

    private Account reader(String stream) throws Exception {
        String token = api.post(
                        "/api/server/keys",
                        new Account("", "", ApiKeys.root(Solo.SECRET)),
                        Map.of("name", "a reader's", "capabilities", List.of("read:" + stream)))
                .path("token")
                .asString();
        return new Account("", "", token);
    }
}
