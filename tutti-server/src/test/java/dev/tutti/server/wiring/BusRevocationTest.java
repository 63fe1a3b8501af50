package dev.tutti.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.client.ServerApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers of which neither looks by itself at which logins have ended: what ends at one of them the other is told by the bus. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BusRevocationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int TIMES = 3;

    private final Account root = new Account("", "", ApiKeys.root(ServerWithoutChecks.SECRET));
    private EmbeddedDatabase database;
    private Server here;
    private Server there;
    private ServerApi api;
    private ServerApi thereApi;

    @BeforeAll
    void start(@TempDir Path directory) {
        database = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        Map<String, String> settings = Map.of("TUTTI_REGISTRATIONS_PER_ADDRESS", "1000");
        here = ServerWithoutChecks.start(database.url(), settings);
        there = ServerWithoutChecks.start(database.url(), settings);
        api = new ServerApi(here.address());
        thereApi = new ServerApi(there.address());
    }

    @AfterAll
    void stop() {
        api.close();
        thereApi.close();
        there.close();
        here.close();
        database.close();
    }

    @Test
    void aLogoutCutsTheConnectionsAtTheOtherServer() throws Exception {
        assertIsCutAgainAndAgain(() -> {
            Account ann = api.register("ann-");
            try (JsonSocket socket = subscribed(ann, "user:" + ann.id())) {
                assertThat(api.send("POST", "/api/auth/logout", ann, null).isDone())
                        .isTrue();
                return socket.hasEndedWithin(PATIENCE);
            }
        });
    }

    @Test
    void aKeyThatIsRevokedIsCutAtTheOtherServer() throws Exception {
        assertIsCutAgainAndAgain(() -> {
            JsonNode made = api.post(
                    "/api/server/keys", root, Map.of("name", "a reader's", "capabilities", List.of("read:room:*")));
            Account program = new Account("", "", made.path("token").asString());
            String key = "/api/server/keys/" + made.path("key").path("id").asString();
            try (JsonSocket socket = subscribed(program, "room:lobby")) {
                assertThat(api.send("DELETE", key, root, null).isDone()).isTrue();
                return socket.hasEndedWithin(PATIENCE);
            }
        });
    }

    /**
     * The servers may not hear one another at first, so that the first attempts may fail. Where something may have been lost a server looks at
     * all logins, so that one success need not be the bus's; several in a row are.
     */
    private static void assertIsCutAgainAndAgain(Callable<Boolean> attempt) throws Exception {
        await().atMost(LONG).until(attempt);
        for (int i = 0; i < TIMES; i++) {
            assertThat(attempt.call()).isTrue();
        }
    }

    /** A connection to {@code there} whose login was looked at, and which is told of {@code stream}. */
    private JsonSocket subscribed(Account who, String stream) throws Exception {
        JsonSocket socket = thereApi.socket(who);
        socket.say(Map.of("op", "subscribe", "id", 1, "stream", stream, "after", 0));
        while (true) {
            if (socket.hear(PATIENCE).orElseThrow().path("op").asString().equals("ok")) {
                return socket;
            }
        }
    }
}
