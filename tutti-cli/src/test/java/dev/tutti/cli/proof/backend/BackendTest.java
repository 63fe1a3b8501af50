package dev.tutti.cli.proof.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.EqualInstances;
import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import dev.tutti.testkit.client.ServerApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.RawValue;

/** Two instances, and programs beside them that have keys or the database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackendTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Path EXAMPLES = Path.of("..", "examples", "backend");

    private final Account root = program(ApiKeys.root(Solo.SECRET));
    private EqualInstances instances;
    private List<ServerApi> apis;
    private TypedCommands commands;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        instances = EqualInstances.start(directory, 2, Map.of());
        apis = instances.apis();
        commands = new TypedCommands(apis.getFirst().address());
    }

    @AfterAll
    void stop() {
        instances.close();
    }

    @Test
    void aKeyAllowsWhatItSaysAndNothingElse() throws Exception {
        Account program = key("publish:room:prices-*");

        assertThat(publish(0, program, "room:prices-oil", "1").status()).isEqualTo(201);
        assertThat(publish(1, program, "room:other", "1").error()).isEqualTo("forbidden");
        assertThat(apis.get(1)
                        .send("GET", "/api/streams/room:prices-oil", program, null)
                        .error())
                .isEqualTo("forbidden");
        assertThat(apis.get(1).send("GET", "/api/server/keys", program, null).error())
                .isEqualTo("forbidden");
        assertThat(apis.get(1).send("GET", "/api/auth/me", program, null).error())
                .isEqualTo("unauthenticated");
    }

    @Test
    void aPersonIsNoProgram() throws Exception {
        Account ann = apis.getFirst().register("ann.");

        assertThat(apis.getFirst().send("GET", "/api/server/keys", ann, null).error())
                .isEqualTo("unauthenticated");
    }

    @Test
    void aBatchIsAnsweredOneByOneAndItsRepeatChangesNothing() throws Exception {
        Account program = key("publish:room:batch-*", "read:room:batch-*");
        List<Map<String, Object>> batch =
                List.of(event("room:batch-a", 1), event("room:batch-b", 2), event("room:batch-a", 3));

        JsonNode first = apis.getFirst().post("/api/streams", program, batch);
        JsonNode again = apis.get(1).post("/api/streams", program, batch);

        assertThat(first.path("results").findValuesAsString("seq")).containsExactly("1", "1", "2");
        assertThat(again.path("results").findValuesAsString("seq")).containsExactly("1", "1", "2");
        assertThat(again.path("results").findValuesAsString("repeated")).containsExactly("true", "true", "true");
        assertThat(apis.get(1)
                        .get("/api/streams/room:batch-a", program)
                        .path("events")
                        .findValuesAsString("data"))
                .containsExactly("1", "3");
    }

    @Test
    void aProgramPublishesTheFeedsThatItsKeyNames() throws Exception {
        Account program = key("publish:price:*", "read:price:*");

        assertThat(feed(0, program, "price:oil", "{\"version\": 5, \"value\": {\"bid\": 1.25}}"))
                .isEqualTo("{\"accepted\":true,\"version\":5}");
        assertThat(feed(1, program, "price:oil", "{\"version\": 4, \"value\": 1}"))
                .isEqualTo("{\"accepted\":false,\"version\":5}");
        assertThat(apis.get(1).get("/api/feeds/price:oil", program).toString())
                .isEqualTo("{\"key\":\"price:oil\",\"version\":5,\"value\":{\"bid\":1.25}}");
        assertThat(feed(1, program, "score:7", "{\"version\": 1, \"value\": 1}"))
                .contains("forbidden");
        assertThat(feed(1, program, "price:oil", "{\"version\": 0, \"value\": 1}"))
                .contains("bad_request");
        assertThat(feed(1, program, "price:oil", "{\"value\": 1}")).contains("field version is missing");
        Account ann = apis.getFirst().register("ann-of-feeds");
        assertThat(feed(0, ann, "feed:any", "{\"version\": 1, \"value\": 1}")).contains("forbidden");
        assertThat(feed(0, ann, "room:any", "{\"version\": 1, \"value\": 1}")).contains("forbidden");
    }

    private String feed(int instance, Account who, String key, String body) throws Exception {
        return apis.get(instance)
                .send("PUT", "/api/feeds/" + key, who, new RawValue(body))
                .body()
                .toString();
    }

    @Test
    void aRevokedKeyIsRefusedEverywhereAndItsConnectionsEnd() throws Exception {
        JsonNode made = made("read:room:*", "publish:room:*");
        Account program = program(made.path("token").asString());
        String id = made.path("key").path("id").asString();
        assertThat(publish(1, program, "room:revoked", "1").status()).isEqualTo(201);
        try (JsonSocket socket = apis.get(1).socket(program)) {
            socket.say(Map.of("op", "subscribe", "id", 1, "stream", "room:revoked", "after", 0));
            heard(socket, "ok");

            assertThat(apis.getFirst()
                            .send("DELETE", "/api/server/keys/" + id, root, null)
                            .status())
                    .isEqualTo(204);

            assertThat(socket.hasEndedWithin(PATIENCE)).isTrue();
        }
        await().atMost(PATIENCE)
                .until(() -> publish(1, program, "room:revoked", "2").error().equals("unauthenticated"));
        assertThat(apis.getFirst().get("/api/server/keys", root).path("keys").findValuesAsString("id"))
                .doesNotContain(id);
    }

    @Test
    void aRevokedKeyIsForgottenAfterThirtyDaysWhenAnotherIsMade() throws Exception {
        String old = revoked();
        String recent = revoked();
        EmbeddedDatabase postgres = instances.postgres();
        try (Connection database =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = database.createStatement()) {
            statement.execute(
                    "update tutti.api_key set revoked_at = now() - interval '31 days' where id = '" + old + "'");

            String good = made("read:room:*").path("key").path("id").asString();

            List<String> kept = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("select id from tutti.api_key")) {
                while (rows.next()) {
                    kept.add(rows.getString(1));
                }
            }
            assertThat(kept).contains(good, recent).doesNotContain(old);
        }
    }

    /** The id of a key that was made and revoked. */
    private String revoked() throws Exception {
        String id = made("read:room:*").path("key").path("id").asString();
        assertThat(apis.getFirst()
                        .send("DELETE", "/api/server/keys/" + id, root, null)
                        .status())
                .isEqualTo(204);
        return id;
    }

    @Test
    void aProgramEndsTheSessionsOfAPerson() throws Exception {
        Account program = key("users");
        Account bob = apis.getFirst().register("bob.");
        String id = apis.get(1)
                .get("/api/server/users?name=" + bob.name(), program)
                .path("id")
                .asString();
        assertThat(id).isEqualTo(bob.id());
        try (JsonSocket socket = apis.getFirst().socket(bob)) {
            socket.say(Map.of("op", "subscribe", "id", 1, "stream", "user:" + bob.id(), "after", 0));
            heard(socket, "ok"); // it is known who this is
            assertThat(apis.get(1)
                            .post("/api/server/users/" + id + "/logout", program, Map.of())
                            .path("ended")
                            .asInt())
                    .isEqualTo(1);

            assertThat(socket.hasEndedWithin(PATIENCE)).isTrue();
        }
        await().atMost(PATIENCE)
                .until(() -> apis.getFirst()
                        .send("GET", "/api/auth/me", bob, null)
                        .error()
                        .equals("session_revoked"));
    }

    @Test
    void theExampleInPythonPublishesAllThatItSays(@TempDir Path directory) throws Exception {
        Account program = key("publish:room:readings", "read:room:readings");
        Path said = directory.resolve("said");
        ProcessBuilder python =
                new ProcessBuilder("python3", EXAMPLES.resolve("publish.py").toString(), "5");
        python.environment().put("TUTTI_URL", apis.getFirst().address().toString());
        python.environment().put("TUTTI_KEY", program.token());

        Process running =
                python.redirectErrorStream(true).redirectOutput(said.toFile()).start();

        assertThat(running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(said)).isEqualTo("""
                reading 0 is event 1
                reading 1 is event 2
                reading 2 is event 3
                reading 3 is event 4
                reading 4 is event 5
                """);
        assertThat(apis.get(1)
                        .get("/api/streams/room:readings", program)
                        .path("events")
                        .size())
                .isEqualTo(5);
    }

    @Test
    void commandsMakeListAndRevokeKeysAndPublish() throws Exception {
        TypedCommands.Said made =
                commands.said(Map.of("JWT_SECRET", Solo.SECRET), "key", "create", "a script's", "publish:room:script");
        String key = made.out().strip();

        assertThat(commands.said(Map.of("TUTTI_KEY", key), "publish", "room:script", "said", "{\"text\": \"hi\"}"))
                .isEqualTo(new TypedCommands.Said(0, "1\n", ""));
        assertThat(commands.said(Map.of("TUTTI_KEY", key), "publish", "room:other", "said", "1")
                        .err())
                .contains("forbidden");
        assertThat(commands.said(Map.of("TUTTI_KEY", key), "publish", "room:script", "said", "no json")
                        .err())
                .contains("bad_request");
        assertThat(commands.said(Map.of("JWT_SECRET", Solo.SECRET), "key", "list")
                        .out())
                .contains("a script's", "publish:room:script");
        assertThat(commands.said(
                                Map.of("JWT_SECRET", Solo.SECRET),
                                "key",
                                "revoke",
                                key.substring(key.indexOf('_') + 1, key.indexOf('_') + 25))
                        .code())
                .isZero();
        await().atMost(PATIENCE)
                .until(() -> commands.said(Map.of("TUTTI_KEY", key), "publish", "room:script", "said", "2")
                        .err()
                        .contains("unauthenticated"));
    }

    @Test
    void operatorsOfAccountsAreKeysAndAdministrators() throws Exception {
        ServerApi one = apis.getFirst();
        ServerApi other = apis.getLast();
        Account ann = one.register("ann.");
        Account bob = one.register("bob.");
        String users = "/api/server/users/";
        Account script =
                program(commands.said(Map.of("JWT_SECRET", Solo.SECRET), "key", "create", "no users", "read:room:*")
                        .out()
                        .strip());

        assertThat(commands.said(Map.of("JWT_SECRET", Solo.SECRET), "invite", "--uses", "2")
                        .out())
                .matches("[A-Za-z0-9_-]{43}\n");
        assertThat(one.send("PATCH", users + ann.id(), script, Map.of("admin", true))
                        .error())
                .isEqualTo("forbidden");
        assertThat(one.send("PATCH", users + ann.id(), bob, Map.of("admin", true))
                        .error())
                .isEqualTo("forbidden");
        assertThat(one.send("PATCH", users + ann.id(), root, Map.of("admin", true))
                        .status())
                .isEqualTo(200);

        assertThat(other.send("PATCH", users + bob.id(), ann, Map.of("disabled", true))
                        .status())
                .isEqualTo(200);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> one.send("GET", "/api/account", bob, null).error().equals("session_revoked"));
        Map<String, String> entry = Map.of("name", bob.name(), "password", Account.PASSWORD);
        assertThat(one.send("POST", "/api/auth/login", null, entry).error()).isEqualTo("forbidden");
        assertThat(one.send("DELETE", users + bob.id(), root, null).status()).isEqualTo(204);
        assertThat(other.send("POST", "/api/auth/login", null, entry).error()).isEqualTo("unauthenticated");
    }

    @Test
    void aProgramEmitsToAPersonsSockets() throws Exception {
        Account program = key("emit:/user:*");
        Account ann = apis.getFirst().register("ann.");
        try (OfficialSocket socket = OfficialSocket.at(apis.getFirst().address())
                .account(ann)
                .patience(PATIENCE)
                .connect()) {
            ReceivedEvents told = socket.received("hurry");

            Map<String, Object> emission =
                    Map.of("to", List.of("user:" + ann.id()), "event", "hurry", "data", List.of("now"));
            await().atMost(PATIENCE).until(() -> {
                // what the other instance emits is for those rooms that it has heard of
                apis.get(1).send("POST", "/api/server/emit", program, emission);
                return told.size() > 0;
            });
            assertThat(told.next()[0]).isEqualTo("now");
            assertThat(apis.get(1)
                            .send("POST", "/api/server/emit", program, Map.of("event", "hurry"))
                            .error())
                    .as("everybody is more than user:*")
                    .isEqualTo("forbidden");
            assertThat(apis.get(1)
                            .send(
                                    "POST",
                                    "/api/server/emit",
                                    program,
                                    Map.of("to", List.of("user:a/b"), "event", "hurry"))
                            .error())
                    .as("a room with a slash could be one of another namespace")
                    .isEqualTo("forbidden");
        }
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

    private static Map<String, Object> event(String stream, int number) {
        return Map.of("stream", stream, "type", "counted", "data", number, "key", "n" + number);
    }

    private Api.Answer publish(int instance, Account program, String stream, String key) throws Exception {
        return apis.get(instance)
                .send("POST", "/api/streams/" + stream, program, Map.of("type", "priced", "data", 1, "key", key));
    }

    private Account key(String... capabilities) throws Exception {
        return program(made(capabilities).path("token").asString());
    }

    private JsonNode made(String... capabilities) throws Exception {
        return apis.getFirst()
                .post("/api/server/keys", root, Map.of("name", "a test's", "capabilities", List.of(capabilities)));
    }

    private static Account program(String token) {
        return new Account("", "", token);
    }
}
