package dev.tutti.cli.proof.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api.Answer;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients of a server whose backend is asked about them. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HooksTest {
    private static final String SERVERS_OWN = "a-secret-of-the-server-alone-long-enough";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONCURRENCY = 4;
    private static final int WINDOW = 20; // of the last requests half have to have failed

    private HookBackend backend;
    private ServerProcess server;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        backend = new HookBackend();
        server = ServerProcess.start(Solo.launch(directory)
                .with("JWT_SECRET", SERVERS_OWN)
                .with("TUTTI_RIGHTS", IdentitySettings.RIGHTS.fallback() + ",anybody:read:room:public-*")
                .with("TUTTI_HOOK_URL", backend.url())
                .with("TUTTI_HOOK_SECRET", HookBackend.SECRET)
                .with("TUTTI_HOOK_TIMEOUT", "1s")
                .with("TUTTI_HOOK_CONCURRENCY", Integer.toString(CONCURRENCY)));
        api = new ServerApi(server.launch().address());
    }

    @AfterEach
    void everythingWasSigned() {
        assertThat(backend.forged()).isZero();
        backend.behave(_ -> "{\"allow\": true}");
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
        backend.close();
    }

    private Answer publish(Account who, String stream) throws Exception {
        return api.send("POST", "/api/streams/" + stream, who, Map.of("type", "said", "data", 1));
    }

    @Test
    void noStreamIsForAnybodyWhileTheBackendIsAskedAboutSubscriptions() throws Exception {
        assertThat(api.send("GET", "/api/streams/room:public-1", null, null).error())
                .isEqualTo("unauthenticated");
        backend.behave(_ -> "{\"allow\": false}");
        assertThat(api.send("GET", "/api/streams/room:public-1", api.register("hank"), null)
                        .status())
                .isEqualTo(403);
    }

    private static JsonNode asked(JsonSocket socket, Map<String, Object> request) throws Exception {
        socket.say(request);
        while (true) {
            JsonNode message = socket.hear(PATIENCE).orElseThrow();
            if (message.path("id").asInt() == 1) {
                return message;
            }
        }
    }

    private static String code(JsonNode message) {
        return message.path("error").path("code").asString(message.path("code").asString(""));
    }

    @Test
    void theBackendSaysOverAllTransportsWhatMayBeReadAndAppendedTo() throws Exception {
        Account ann = api.register("ann.");
        backend.behave(question -> question.path("stream").asString("").equals("room:closed")
                        || question.path("feed").asString("").equals("feed:closed")
                ? "{\"allow\": false, \"code\": \"not_found\", \"message\": \"closed for the night\"}"
                : "{\"allow\": true}");

        assertThat(publish(ann, "room:open").status()).isEqualTo(201);
        assertThat(api.send("GET", "/api/streams/room:open", ann, null).status())
                .isEqualTo(200);
        Answer denied = publish(ann, "room:closed");
        assertThat(denied.error()).isEqualTo("not_found");
        assertThat(denied.body().path("error").path("message").asString()).isEqualTo("closed for the night");
        for (String path : List.of(
                "/api/streams/room:closed",
                "/api/streams/room:closed/events",
                "/api/feeds/feed:closed",
                "/api/feeds/feed:closed/events")) {
            assertThat(api.send("GET", path, ann, null).error()).as(path).isEqualTo("not_found");
        }
        try (JsonSocket socket = api.socket(ann)) {
            for (Map<String, Object> request : List.<Map<String, Object>>of(
                    Map.of("op", "subscribe", "id", 1, "stream", "room:closed"),
                    Map.of("op", "publish", "id", 1, "stream", "room:closed", "type", "said", "data", 1),
                    Map.of("op", "feed.subscribe", "id", 1, "key", "feed:closed"))) {
                assertThat(code(asked(socket, request))).as("%s", request).isEqualTo("not_found");
            }
            assertThat(asked(socket, Map.of("op", "subscribe", "id", 1, "stream", "room:open"))
                            .path("op")
                            .asString())
                    .isEqualTo("ok");
        }
        try (OfficialSocket socket = socketOf(ann).connect()) {
            assertThat(socket.ask("feed:subscribe", Map.of("key", "feed:closed"))
                            .toString())
                    .contains("not_found");
        }
        JsonNode question = backend.questions("publish", ann.id()).getFirst();
        assertThat(question.path("stream").asString()).isEqualTo("room:open");
        assertThat(question.path("session").asString()).isNotEmpty();
    }

    @Test
    void rightsAreAskedFirstAndProgramsAreNotAskedAbout() throws Exception {
        Account ann = api.register("ann.");
        Account root = new Account("", "", ApiKeys.root(SERVERS_OWN));
        backend.behave(question ->
                question.path("kind").asString().equals("connect") ? "{\"allow\": true}" : "{\"allow\": false}");

        assertThat(publish(ann, "org:7").error()).isEqualTo("forbidden");
        assertThat(publish(root, "org:7").status()).isEqualTo(201);

        assertThat(backend.questions("publish", ann.id())).isEmpty();
        assertThat(backend.questions("publish", "key.root")).isEmpty();
    }

    private OfficialSocket.Builder socketOf(Account who) {
        return OfficialSocket.at(api.address()).account(who).patience(PATIENCE);
    }

    @Test
    void whoeverMayNotConnectDoesNotOverAnyTransport() throws Exception {
        Account eve = api.register("eve.");
        backend.behave(question -> question.path("user").asString().equals(eve.id())
                ? "{\"allow\": false, \"message\": \"you are banned\"}"
                : "{\"allow\": true}");

        assertThat(publish(eve, "room:open").error()).isEqualTo("forbidden");
        assertThat(api.send("GET", "/api/streams/room:open/events", eve, null).error())
                .isEqualTo("forbidden");
        try (JsonSocket socket = api.socket(eve)) {
            assertThat(code(asked(socket, Map.of("op", "subscribe", "id", 1, "stream", "room:open"))))
                    .isIn("forbidden", "unauthenticated");
        }
        try (OfficialSocket socket = socketOf(eve).build()) {
            assertThat(socket.refusal().toString()).contains("you are banned");
        }
        assertThat(backend.questions("connect", eve.id()))
                .allMatch(question -> question.path("address").asString().equals("127.0.0.1"));
    }

    @Test
    void somebodyWhoMayNotConnectHasNoFilesPreferencesAndAttributesEither() throws Exception {
        Account eve = api.register("eve.");
        JsonNode file = api.post("/api/files?name=a.json", eve, Map.of("of", eve.name()));
        String path = "/api/files/" + file.path("id").asString();
        String link = api.post(path + "/links", eve, Map.of("seconds", 600))
                .path("path")
                .asString();
        Map<String, Object> wish = Map.of("preferences", Map.of("analytics", false));
        Map<String, Object> cart = Map.of("attributes", Map.of("cart", 1));
        assertThat(api.send("PATCH", "/api/preferences", eve, wish).status()).isEqualTo(200);
        backend.behave(question -> question.path("user").asString().equals(eve.id())
                ? "{\"allow\": false, \"message\": \"you are banned\"}"
                : "{\"allow\": true}");

        for (String read : List.of(
                "/api/files",
                path,
                path + "/content",
                path + "/thumbnail",
                "/api/preferences",
                "/api/session/attributes")) {
            assertThat(api.send("GET", read, eve, null).error()).as(read).isEqualTo("forbidden");
        }
        assertThat(api.send("POST", "/api/files?name=b.json", eve, Map.of("of", eve.name()))
                        .error())
                .isEqualTo("forbidden");
        assertThat(api.send("POST", path + "/links", eve, Map.of("seconds", 600))
                        .error())
                .isEqualTo("forbidden");
        assertThat(api.send("PATCH", "/api/preferences", eve, wish).error()).isEqualTo("forbidden");
        assertThat(api.send("PATCH", "/api/session/attributes", eve, cart).error())
                .isEqualTo("forbidden");
        assertThat(api.send("GET", link, null, null).status())
                .as("a link was given away, and nobody is there to be asked about")
                .isEqualTo(200);
        assertThat(api.send("PATCH", "/api/preferences", null, wish).status())
                .as("visitors are nobody in particular")
                .isEqualTo(200);
    }

    @Test
    void aVerdictIsKeptForAsLongAsTheBackendSays() throws Exception {
        Account ann = api.register("ann.");
        backend.behave(question -> question.path("stream").asString("").equals("room:kept")
                ? "{\"allow\": true, \"ttl\": 600}"
                : question.path("stream").asString("").equals("room:no")
                        ? "{\"allow\": false, \"ttl\": 600}"
                        : "{\"allow\": true}");
        for (int i = 0; i < 3; i++) {
            assertThat(publish(ann, "room:kept").status()).isEqualTo(201);
            assertThat(publish(ann, "room:no").error()).isEqualTo("forbidden");
            assertThat(publish(ann, "room:asked").status()).isEqualTo(201);
        }

        assertThat(backend.questions("publish", ann.id()))
                .extracting(question -> question.path("stream").asString())
                .containsExactly("room:kept", "room:no", "room:asked", "room:asked", "room:asked");
    }

    @Test
    void theBackendIsToldWhenTheLastConnectionHasGone() throws Exception {
        Account ann = api.register("ann.");
        try (JsonSocket first = api.socket(ann)) {
            assertThat(asked(first, Map.of("op", "subscribe", "id", 1, "stream", "room:open"))
                            .path("op")
                            .asString())
                    .isEqualTo("ok");
            assertThat(asked(first, Map.of("op", "auth", "id", 1, "token", ann.token()))
                            .path("op")
                            .asString())
                    .isEqualTo("ok");
            try (JsonSocket second = api.socket(ann)) {
                assertThat(asked(second, Map.of("op", "subscribe", "id", 1, "stream", "room:open"))
                                .path("op")
                                .asString())
                        .isEqualTo("ok");
            }
            assertThat(publish(ann, "room:open").status()).isEqualTo(201);
            assertThat(backend.questions("disconnect", ann.id())).isEmpty();
        }

        await().atMost(PATIENCE)
                .until(() -> backend.questions("disconnect", ann.id()).size() == 1);
    }

    @Test
    void thoseWhoGoKeepNobodyFromComing() throws Exception {
        Account ann = api.register("ann.");
        CountDownLatch go = new CountDownLatch(1);
        List<JsonSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 2 * CONCURRENCY; i++) {
                Account guest = api.register("guest.");
                JsonSocket socket = api.socket(guest);
                sockets.add(socket);
                assertThat(asked(socket, Map.of("op", "subscribe", "id", 1, "stream", "room:open"))
                                .path("op")
                                .asString())
                        .isEqualTo("ok");
            }
            backend.behave(question -> {
                if (question.path("kind").asString().equals("disconnect")) {
                    go.await();
                }
                return "{\"allow\": true}";
            });
        } finally {
            sockets.forEach(JsonSocket::close);
        }
        await().atMost(PATIENCE).until(() -> backend.questions("disconnect") > 0);

        assertThat(publish(ann, "room:open").status()).isEqualTo(201);

        go.countDown();
        await().atMost(PATIENCE).until(() -> backend.questions("disconnect") >= 2 * CONCURRENCY);
    }

    @Test
    void aBackendThatIsSlowOrIllLetsNobodyInAndIsGivenAPause() throws Exception {
        Account ann = api.register("ann.");
        List<Account> many = new ArrayList<>(); // one alone makes no outage
        for (int i = 0; i < 2 * WINDOW; i++) {
            many.add(api.register("guest."));
        }
        CountDownLatch go = new CountDownLatch(1);
        backend.behave(_ -> {
            go.await();
            return "{\"allow\": true}";
        });
        List<Future<Answer>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CONCURRENCY; i++) {
                answers.add(threads.submit(() -> publish(ann, "room:slow")));
            }
            await().atMost(PATIENCE)
                    .until(() -> backend.questions("connect", ann.id()).size() == CONCURRENCY);
            assertThat(publish(ann, "room:slow").error()).isEqualTo("overloaded");
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().error()).isEqualTo("unavailable");
            }
        }
        go.countDown();
        backend.behave(_ -> "503");
        for (Account each : many) {
            assertThat(publish(each, "room:ill").error()).isEqualTo("unavailable");
        }
        assertThat(many)
                .as("it is given a pause")
                .anySatisfy(each ->
                        assertThat(backend.questions("connect", each.id())).isEmpty());
        backend.behave(question -> question.path("kind").asString().equals("publish") ? "yes" : "{\"allow\": true}");
        await().atMost(PATIENCE)
                .until(() -> publish(ann, "room:ill").error().equals("unavailable")
                        && !backend.questions("publish", ann.id()).isEmpty()); // what is not an answer is none
        backend.behave(_ -> "{\"allow\": true}");

        await().atMost(PATIENCE).until(() -> publish(ann, "room:ill").isDone());
    }

    @Test
    void whereTheTeamSaysSoPeopleGoOnWithoutTheBackend(@TempDir Path directory) throws Exception {
        String gone;
        try (HookBackend closed = new HookBackend()) {
            gone = closed.url();
        }
        try (ServerProcess lenient = ServerProcess.start(Solo.launch(directory)
                        .with("TUTTI_HOOK_URL", gone)
                        .with("TUTTI_HOOK_SECRET", HookBackend.SECRET)
                        .with("TUTTI_HOOK_FAILURE", "allow"));
                ServerApi there = new ServerApi(lenient.launch().address())) {
            Account ann = there.register("ann.");

            assertThat(there.send("POST", "/api/streams/room:open", ann, Map.of("type", "said", "data", 1))
                            .status())
                    .isEqualTo(201);
            assertThat(there.send("POST", "/api/streams/org:7", ann, Map.of("type", "said", "data", 1))
                            .error())
                    .isEqualTo("forbidden");
        }
    }
}
