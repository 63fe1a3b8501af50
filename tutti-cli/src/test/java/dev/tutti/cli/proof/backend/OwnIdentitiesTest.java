package dev.tutti.cli.proof.backend;

import static dev.tutti.cli.proof.backend.BackendTokens.inOrg;
import static dev.tutti.cli.proof.backend.BackendTokens.inSession;
import static dev.tutti.cli.proof.backend.BackendTokens.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.ReceivedEvents;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server without accounts, for the people of a backend that signs their tokens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnIdentitiesTest {
    private static final String SERVERS_OWN = "a-secret-of-the-server-alone-long-enough";
    private static final String ATTRIBUTES = "/api/session/attributes";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ServerProcess server;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = ServerProcess.start(Solo.launch(directory)
                .with("JWT_SECRET", SERVERS_OWN)
                .with("TUTTI_ACCOUNTS", "off")
                .with("TUTTI_STREAMS_PER_DAY", "5")
                .with("TUTTI_JWT_HMAC_SECRET", BackendTokens.SECRET)
                .with(
                        "TUTTI_RIGHTS",
                        "read:news:*,read:user:{id},read:user:{id}:*,read:org:{claim:org}:*,anybody:read:news:open-*"));
        api = new ServerApi(server.launch().address());
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void peopleDoWhatEverybodyMayAndWhatTheirTokensSay() throws Exception {
        Account ann = person("ann", "publish:org:7:*");

        assertThat(api.send("GET", "/api/streams/news:today", ann, null).status())
                .isEqualTo(200);
        assertThat(api.send("GET", "/api/streams/user:ann", ann, null).status()).isEqualTo(200);
        assertThat(api.send("GET", "/api/streams/user:bob", ann, null).error()).isEqualTo("forbidden");
        assertThat(publish(ann, "org:7:plans")).isEqualTo(201);
        assertThat(publish(ann, "org:8:plans")).isEqualTo(403);
        assertThat(publish(ann, "news:today")).isEqualTo(403);
        assertThat(publish(ann, "room:lobby")).isEqualTo(403);
    }

    @Test
    void eachOfThemCreatesSoManyStreamsADay() throws Exception {
        Account kim = person("kim", "publish:org:9:*");
        for (int i = 0; i < 5; i++) {
            assertThat(publish(kim, "org:9:" + i)).isEqualTo(201);
        }

        assertThat(publish(kim, "org:9:more")).isEqualTo(429);
        assertThat(publish(kim, "org:9:0")).isEqualTo(201);
        assertThat(publish(person("lea", "publish:org:9:*"), "org:9:more")).isEqualTo(201);
    }

    @Test
    void eachOfThemCreatesSoManyFeedsADayAndProgramsAnyNumber() throws Exception {
        Account mia = person("mia", "publish:score:*");
        Account root = new Account("", "", ApiKeys.root(SERVERS_OWN));
        for (int i = 0; i < 5; i++) {
            assertThat(score(mia, "mia-" + i, 1).status()).isEqualTo(200);
        }

        assertThat(score(mia, "mia-more", 1).error()).isEqualTo("quota_exceeded");
        assertThat(score(mia, "mia-0", 2).status()).isEqualTo(200);
        assertThat(score(mia, "mia-more", 0).error()).isEqualTo("bad_request");
        assertThat(score(person("noa", "publish:score:*"), "mia-more", 1).status())
                .isEqualTo(200);
        for (int i = 0; i < 7; i++) {
            assertThat(score(root, "root-" + i, 1).status()).isEqualTo(200);
        }
    }

    private Api.Answer score(Account who, String id, int version) throws Exception {
        return api.send("PUT", "/api/feeds/score:" + id, who, Map.of("version", version, "value", 1));
    }

    @Test
    void anybodyReadsWhatARuleOpensAndNothingElse() throws Exception {
        Account editor = person("ed", "publish:news:*");
        assertThat(publish(editor, "news:open-1")).isEqualTo(201);
        assertThat(publish(editor, "news:inside")).isEqualTo(201);

        assertThat(api.send("GET", "/api/streams/news:open-1", null, null)
                        .body()
                        .at("/events/0/data")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.send("GET", "/api/streams/news:inside", null, null).error())
                .isEqualTo("unauthenticated");
        assertThat(api.send("GET", "/api/streams/news:open-1", person("fay"), null)
                        .status())
                .isEqualTo(200);
        assertThat(publish(person("fay"), "news:open-1")).isEqualTo(403);
        assertThat(publish(null, "news:open-1")).isEqualTo(401);
    }

    @Test
    void anybodyFollowsThemOverAWebSocketToo() throws Exception {
        Account editor = person("ed", "publish:news:*");
        publish(editor, "news:open-ws");
        try (RawConnection client = new RawConnection(server.launch().address().getPort())) {
            client.send(RawConnection.handshake("/ws", ""));
            client.head();
            assertThat(client.message()).startsWith("{\"op\":\"hello\"");
            client.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"news:inside\",\"after\":0}");
            assertThat(client.message()).contains("\"id\":1", "\"code\":\"unauthenticated\"");
            client.text("{\"op\":\"subscribe\",\"id\":2,\"stream\":\"news:open-ws\",\"after\":0}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":2}");
            assertThat(client.message()).contains("\"seq\":1,");
            publish(editor, "news:open-ws");
            assertThat(client.message()).contains("\"seq\":2,");
        }
    }

    @Test
    void thereIsNothingOfAccounts() throws Exception {
        Map<String, String> form = Map.of("name", "carol", "password", Account.PASSWORD);

        assertThat(api.send("POST", "/api/auth/register", null, form).status()).isEqualTo(404);
        assertThat(api.send("GET", "/api/conversations", person("ann"), null).status())
                .isEqualTo(404);
        assertThat(api.send("GET", "/", null, null).status()).isEqualTo(404);
        assertThat(api.send("GET", "/api/streams/news:today", null, null).error())
                .isEqualTo("unauthenticated");
    }

    @Test
    void theyHavePreferencesAndSoHaveVisitors() throws Exception {
        Map<String, Object> wish = Map.of("preferences", Map.of("analytics", false));

        assertThat(api.send("PATCH", "/api/preferences", person("gil"), wish).status())
                .isEqualTo(200);

        assertThat(api.send("GET", "/api/preferences", person("gil"), null)
                        .body()
                        .get("preferences"))
                .hasToString("{\"analytics\":false}");
        assertThat(api.send("GET", "/api/feeds/user:gil:preferences", person("gil"), null)
                        .body()
                        .at("/value/analytics")
                        .booleanValue())
                .isFalse();
        assertThat(api.send("GET", "/api/preferences", person("hal"), null)
                        .body()
                        .get("preferences"))
                .isEmpty();
        assertThat(api.send("PATCH", "/api/preferences", null, wish).status()).isEqualTo(200);
        Account program = new Account("", "", ApiKeys.root(SERVERS_OWN));
        assertThat(api.send("GET", "/api/preferences", program, null).error()).isEqualTo("forbidden");
    }

    @Test
    void theirFilesAreDeletedByAProgram() throws Exception {
        Account root = new Account("", "", ApiKeys.root(SERVERS_OWN));
        for (Account person : List.of(person("kim"), person("kim"), person("kimi"))) {
            api.post("/api/files?name=a.json", person, Map.of("of", person.name()));
        }
        JsonNode made =
                api.post("/api/server/keys", root, Map.of("name", "a test's", "capabilities", List.of("files:kim")));
        Account program = new Account("", "", made.path("token").asString());

        assertThat(api.send("DELETE", "/api/server/files?owner=kimi", program, null)
                        .error())
                .isEqualTo("forbidden");
        assertThat(api.send("DELETE", "/api/server/files?owner=kim", program, null)
                        .status())
                .isEqualTo(204);

        assertThat(api.get("/api/files", person("kim")).path("files")).isEmpty();
        assertThat(api.get("/api/files", person("kimi")).path("files")).hasSize(1);
        assertThat(api.send("DELETE", "/api/server/files?owner=kim", program, null)
                        .status())
                .as("there are none")
                .isEqualTo(204);
    }

    @Test
    void theirPreferencesAreDeletedByAProgram() throws Exception {
        Account root = new Account("", "", ApiKeys.root(SERVERS_OWN));
        Map<String, Object> wish = Map.of("preferences", Map.of("analytics", false));
        for (String name : List.of("lea", "leah")) {
            assertThat(api.send("PATCH", "/api/preferences", person(name), wish).status())
                    .isEqualTo(200);
        }
        JsonNode made =
                api.post("/api/server/keys", root, Map.of("name", "a test's", "capabilities", List.of("users")));
        Account program = new Account("", "", made.path("token").asString());
        String path = "/api/server/preferences?owner=lea";

        assertThat(api.send("DELETE", path, person("lea"), null).error()).isEqualTo("unauthenticated");
        assertThat(api.send("DELETE", "/api/server/preferences", program, null).error())
                .isEqualTo("bad_request");
        assertThat(api.send("DELETE", path, program, null).status()).isEqualTo(204);

        assertThat(api.get("/api/preferences", person("lea")).path("preferences"))
                .isEmpty();
        assertThat(api.send("GET", "/api/feeds/user:lea:preferences", person("lea"), null)
                        .error())
                .isEqualTo("not_found");
        assertThat(api.get("/api/preferences", person("leah")).path("preferences"))
                .hasSize(1);
        assertThat(api.send("DELETE", path, program, null).status())
                .as("there are none")
                .isEqualTo(204);
    }

    @Test
    void aSessionThatTheirTokensNameOutlastsEachOfThem() throws Exception {
        Map<String, Object> cart = Map.of("attributes", Map.of("cart", List.of("apples")));

        assertThat(api.send("PATCH", ATTRIBUTES, inSession("ida", "s-1", 600), cart)
                        .status())
                .isEqualTo(200);

        assertThat(attributes(inSession("ida", "s-1", 700))).hasToString("{\"cart\":[\"apples\"]}");
        assertThat(attributes(inSession("ida", "s-2", 700))).isEmpty();
        assertThat(attributes(inSession("jon", "s-1", 700))).isEmpty();
        assertThat(attributes(person("ida"))).isEmpty();
    }

    private JsonNode attributes(Account person) throws Exception {
        return api.send("GET", ATTRIBUTES, person, null).body().get("attributes");
    }

    @Test
    void theirSocketsAreInARoomOfTheirs() throws Exception {
        try (OfficialSocket socket = socketOf(person("dan")).connect()) {
            ReceivedEvents told = socket.received("hurry");
            Account root = new Account("", "", ApiKeys.root(SERVERS_OWN));
            Map<String, Object> emission = Map.of("to", List.of("user:dan"), "event", "hurry", "data", List.of("now"));
            await().atMost(PATIENCE).until(() -> {
                api.post("/api/server/emit", root, emission); // it joins its room when it is connected
                return told.size() > 0;
            });
            assertThat(told.next()[0]).isEqualTo("now");
            await().atMost(PATIENCE)
                    .until(() -> api.get("/api/server/presence?users=dan,eve", root)
                            .path("users")
                            .toString()
                            .equals("[\"dan\"]"));
            assertThat(api.get("/api/server/presence", root).path("users").toString())
                    .contains("\"dan\"");
            assertThat(api.get("/api/server/presence?room=user:dan", root)
                            .path("count")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    private OfficialSocket.Builder socketOf(Account person) {
        return OfficialSocket.at(server.launch().address()).account(person).patience(PATIENCE);
    }

    @Test
    void aProgramIsNotAmongThemOverSocketIo() throws Exception {
        Account root = new Account("", "", ApiKeys.root(SERVERS_OWN));
        JsonNode made =
                api.post("/api/server/keys", root, Map.of("name", "a page", "capabilities", List.of("read:news:*")));
        Account page = new Account("", "", made.path("token").asString());
        assertThat(api.send("GET", "/api/streams/news:today", page, null).status())
                .isEqualTo(200);
        try (OfficialSocket socket = socketOf(page).build()) {
            assertThat(socket.refusal().toString()).contains("forbidden", "programs with a key");
        }
    }

    @Test
    void theirTokensAreRenewedOverSocketIoAndFeedsAreJudgedAgain() throws Exception {
        Map<String, String> feed = Map.of("key", "org:7:scores");
        try (OfficialSocket socket = socketOf(inOrg("kim", 7)).connect()) {
            assertThat(asked(socket, "feed:subscribe", feed)).contains("\"ok\":true");
            assertThat(asked(
                            socket,
                            "auth:renew",
                            Map.of("token", inOrg("kim", 7).token())))
                    .contains("\"ok\":true", "\"expiresAt\":\"", "\"endedFeeds\":[]");
            assertThat(asked(
                            socket,
                            "auth:renew",
                            Map.of("token", inOrg("lee", 7).token())))
                    .contains("forbidden");
            assertThat(asked(socket, "auth:renew", Map.of("token", "x"))).contains("unauthenticated");
            assertThat(asked(socket, "auth:renew", Map.of("token", person("kim").token())))
                    .contains("\"ok\":true", "\"endedFeeds\":[\"org:7:scores\"]");
            assertThat(asked(socket, "feed:subscribe", feed)).contains("forbidden");
        }
    }

    @Test
    void whatAClaimAllowedEndsWithATokenThatDoesNotHaveIt() throws Exception {
        int port = server.launch().address().getPort();
        try (RawConnection client =
                RawConnection.webSocket(port, inOrg("kim", 7).token())) {
            client.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"org:7:news\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            client.text(
                    "{\"op\":\"auth\",\"id\":2,\"token\":\"" + inOrg("kim", 7).token() + "\"}");
            assertThat(client.message()).startsWith("{\"op\":\"ok\",\"id\":2,");
            client.text("{\"op\":\"auth\",\"id\":3,\"token\":\"" + person("kim").token() + "\"}");
            assertThat(client.messageWith(List.of("close"))).isEqualTo("close 4000");
        }
    }

    /** What the server acknowledges {@code event} with. */
    private static String asked(OfficialSocket socket, String event, Map<String, String> data) throws Exception {
        return socket.ask(event, data).toString();
    }

    private int publish(@Nullable Account person, String stream) throws Exception {
        return api.send("POST", "/api/streams/" + stream, person, Map.of("type", "said", "data", 1))
                .status();
    }
}
