package dev.tutti.cli.proof.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cli.proof.EqualInstances;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import dev.tutti.testkit.client.ServerApi;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two real processes on one PostgreSQL, in which another program publishes by SQL. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeedsAcrossProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private EqualInstances instances;
    private List<ServerApi> apis;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        instances = EqualInstances.start(directory, 2, Map.of("TUTTI_RIGHTS", "read:score:*,read:user:{id}"));
        apis = instances.apis();
    }

    @AfterAll
    void stop() {
        instances.close();
    }

    private Connection connect() throws SQLException {
        EmbeddedDatabase postgres = instances.postgres();
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private void publish(String key, long version, String json) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("select tutti.publish_feed('" + key + "', " + version + ", '" + json + "')");
        }
    }

    private static JsonNode heard(JsonSocket socket, String op) throws InterruptedException {
        while (true) {
            JsonNode message = socket.hear(PATIENCE).orElseThrow();
            if (message.path("op").asString().equals(op)) {
                return message;
            }
        }
    }

    private static JsonNode subscribe(JsonSocket socket, String key, long version) throws InterruptedException {
        socket.say(Map.of("op", "feed.subscribe", "id", 1, "key", key, "version", version));
        return heard(socket, "ok");
    }

    @Test
    void whatIsPublishedBySqlReachesSocketIoAndRest() throws Exception {
        Account ann = apis.getFirst().register("ann.");
        publish("score:socket", 3, "{\"home\": 1}");
        try (OfficialSocket socket = OfficialSocket.at(apis.get(1).address())
                .account(ann)
                .patience(PATIENCE)
                .connect()) {
            ReceivedEvents told = socket.received("feed");
            assertThat(socket.ask("feed:subscribe", Map.of("key", "score:socket"))
                            .toString())
                    .contains("\"version\":3", "\"ok\":true");
            assertThat(String.valueOf(told.next()[0])).contains("\"version\":3", "\"home\":1");
            publish("score:socket", 4, "{\"home\": 2}");
            assertThat(String.valueOf(told.next()[0])).contains("\"version\":4", "\"home\":2");
        }
        assertThat(apis.getFirst()
                        .get("/api/feeds/score:socket", ann)
                        .path("version")
                        .asInt())
                .isEqualTo(4);
        assertThat(apis.getFirst().send("GET", "/api/feeds/user:eve", ann, null).error())
                .isEqualTo("forbidden");
        assertThat(apis.getFirst()
                        .send("GET", "/api/feeds/score:socket", null, null)
                        .error())
                .isEqualTo("unauthenticated");
    }

    @Test
    void whoseInstanceIsKilledLearnsAtAnotherWhetherItsVersionIsStale() throws Exception {
        Account bob = apis.get(1).register("bob.");
        publish("score:quiet", 1, "1");
        publish("score:busy", 1, "1");
        try (JsonSocket socket = apis.getFirst().socket(bob)) {
            for (String key : List.of("score:quiet", "score:busy")) {
                assertThat(subscribe(socket, key, 0).path("version").asInt()).isEqualTo(1);
                assertThat(heard(socket, "feed").path("key").asString()).isEqualTo(key);
            }
            instances.processes().getFirst().kill();
            assertThat(socket.hasEndedWithin(PATIENCE)).isTrue();
        }
        publish("score:busy", 2, "2");

        try (JsonSocket socket = apis.get(1).socket(bob)) {
            assertThat(subscribe(socket, "score:quiet", 1).path("version").asInt())
                    .isEqualTo(1);
            assertThat(subscribe(socket, "score:busy", 1).path("version").asInt())
                    .isEqualTo(2);
            JsonNode told = heard(socket, "feed");
            assertThat(told.path("key").asString()).isEqualTo("score:busy");
            assertThat(told.path("version").asInt()).isEqualTo(2);
            publish("score:quiet", 2, "2");
            assertThat(heard(socket, "feed").path("key").asString()).isEqualTo("score:quiet");
        }
        instances.processes().getFirst().start();
    }
}
