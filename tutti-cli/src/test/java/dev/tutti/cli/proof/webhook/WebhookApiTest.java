package dev.tutti.cli.proof.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.command.Terminal;
import dev.tutti.cli.command.TuttiCommand;
import dev.tutti.cli.proof.Solo;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Webhooks as programs and operators make and see them. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookApiTest {
    private static final String SECRET = "a-secret-of-the-server-alone-long-enough";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PATH = "/api/server/webhooks";

    private final Account root = new Account("", "", ApiKeys.root(SECRET));
    private ServerProcess server;
    private ServerApi api;
    private WebhookReceiver receiver;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = ServerProcess.start(Solo.launch(directory)
                .with("JWT_SECRET", SECRET)
                .with("TUTTI_RETENTION", "short=1h/5,*=30d")
                .with("TUTTI_WEBHOOK_LONGEST_PAUSE", "200ms")
                .with("TUTTI_WEBHOOK_DISABLE_AFTER", "1s")
                .with("TUTTI_WEBHOOK_PRIVATE_NETWORKS", "true"));
        api = new ServerApi(server.launch().address());
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
    }

    @BeforeEach
    void listen() throws Exception {
        receiver = new WebhookReceiver(0);
    }

    @AfterEach
    void forget() throws Exception {
        for (JsonNode webhook : api.get(PATH, root).path("webhooks")) {
            assertThat(api.send("DELETE", PATH + "/" + webhook.path("id").asString(), root, null)
                            .isDone())
                    .isTrue();
        }
        receiver.close();
    }

    private JsonNode made(Map<String, Object> wish) throws Exception {
        return api.post(PATH, root, wish);
    }

    private JsonNode made(String... streams) throws Exception {
        return made(Map.of("url", receiver.url(), "streams", List.of(streams)));
    }

    private static String id(JsonNode made) {
        return made.path("webhook").path("id").asString();
    }

    private void publish(String stream, String type, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            api.post("/api/streams/" + stream, root, Map.of("type", type, "data", Map.of("n", i)));
        }
    }

    private void came(int messages) {
        await().atMost(PATIENCE).until(() -> receiver.messages().size() >= messages);
    }

    private void state(String id, String state) {
        await().atMost(PATIENCE)
                .until(() ->
                        api.get(PATH + "/" + id, root).path("state").asString().equals(state));
    }

    @Test
    void whatCameBeforeTheWebhookAndWhatItIsNotForIsNotPosted() throws Exception {
        publish("room:choice", "said", 2);
        made(Map.of("url", receiver.url(), "streams", List.of("room:choice", "org:7:*"), "types", List.of("said")));
        publish("room:choices", "said", 1);
        publish("room:choice", "typed", 1);
        publish("org:71", "said", 1);
        publish("org:7:chat", "said", 1);
        publish("room:choice", "said", 1);

        await().atMost(PATIENCE).until(() -> receiver.last("room:choice") == 4 && receiver.last("org:7:chat") == 1);

        assertThat(receiver.messages()).hasSize(2);
        JsonNode event = receiver.accepted("room:choice")
                .getFirst()
                .json()
                .path("data")
                .path("events")
                .path(0);
        assertThat(event.path("type").asString()).isEqualTo("said");
        assertThat(event.path("data").path("n").asInt()).isZero();
    }

    @Test
    void thereIsNoneForStreamsOfTheServersOwn() throws Exception {
        for (String streams : List.of("socketio:*", "socketio:2f", "audit:*")) {
            Map<String, Object> wish = Map.of("url", receiver.url(), "streams", List.of(streams));
            assertThat(api.send("POST", PATH, root, wish).error()).as(streams).isEqualTo("forbidden");
        }
    }

    @Test
    void messagesAreSignedAlsoWithTheSecretBefore() throws Exception {
        JsonNode made = made("room:signed");
        String before = made.path("secret").asString();
        publish("room:signed", "said", 1);
        came(1);
        assertThat(receiver.messages().getFirst().isSignedWith(before)).isTrue();

        String after = api.post(PATH + "/" + id(made) + "/secret", root, Map.of())
                .path("secret")
                .asString();
        await().atMost(PATIENCE).until(() -> {
            publish("room:signed", "said", 1);
            return receiver.messages().getLast().isSignedWith(after);
        });

        assertThat(after).isNotEqualTo(before);
        assertThat(receiver.messages().getLast().isSignedWith(before)).isTrue();
        assertThat(receiver.messages().getFirst().isSignedWith(after)).isFalse();
        assertThat(api.get(PATH + "/" + id(made), root).toString()).doesNotContain("whsec_");
    }

    @Test
    void whatIsNotKeptAnyMoreIsToldAsAGap() throws Exception {
        String id = id(made("short:*"));
        api.post(PATH + "/" + id + "/pause", root, Map.of());
        publish("short:gap", "said", 8);
        await().atMost(PATIENCE)
                .until(() -> api.get(PATH + "/" + id, root)
                                .path("waiting")
                                .path("events")
                                .asInt()
                        == 8);
        assertThat(receiver.messages()).isEmpty();
        api.post(PATH + "/" + id + "/resume", root, Map.of());
        came(2);

        JsonNode gap = receiver.messages().getFirst().json();
        assertThat(gap.path("type").asString()).isEqualTo("stream.gap");
        assertThat(gap.path("data").path("after").asLong()).isZero();
        assertThat(gap.path("data").path("resume").asLong()).isEqualTo(3);
        assertThat(gap.path("data").path("reason").asString()).isEqualTo("expired");
        assertThat(receiver.messages().get(1).seqs()).containsExactly(4L, 5L, 6L, 7L, 8L);
    }

    @Test
    void oneThatFailsForTooLongIsDisabledAndGoesOnWhenItIsResumed() throws Exception {
        String id = id(made("room:dead"));
        receiver.behave(_ -> 503);
        publish("room:dead", "said", 2);
        state(id, "disabled");
        assertThat(api.send("POST", PATH + "/" + id + "/retry", root, Map.of()).error())
                .isEqualTo("conflict");
        publish("room:dead", "said", 1);
        receiver.behave(_ -> 200);

        api.post(PATH + "/" + id + "/resume", root, Map.of());

        await().atMost(PATIENCE).until(() -> receiver.last("room:dead") == 3);
        receiver.requireOrder("room:dead", 0);
        state(id, "active");
    }

    @Test
    void whatItDoesNotWantSaysNothingOfHowItsReceiverIs() throws Exception {
        String id =
                id(made(Map.of("url", receiver.url(), "streams", List.of("room:lame:*"), "types", List.of("said"))));
        receiver.behave(_ -> 503);
        publish("room:lame:a", "said", 1);

        await().atMost(PATIENCE).until(() -> {
            publish("room:lame:b", "typed", 1);
            return api.get(PATH + "/" + id, root).path("state").asString().equals("disabled");
        });

        assertThat(api.get(PATH + "/" + id, root).path("deliveredAt").isNull()).isTrue();
    }

    @Test
    void oneWhoseReceiverIsGoneIsDisabledAtOnce() throws Exception {
        String id = id(made("room:gone"));
        receiver.behave(_ -> 410);
        publish("room:gone", "said", 1);

        state(id, "disabled");

        assertThat(receiver.messages()).hasSize(1);
    }

    @Test
    void aKeyMakesAndSeesWebhooksOfTheStreamsThatItIsFor() throws Exception {
        Account team = new Account(
                "",
                "",
                api.post("/api/server/keys", root, Map.of("name", "team", "capabilities", List.of("webhooks:room:*")))
                        .path("token")
                        .asString());
        Map<String, Object> wish = Map.of("url", receiver.url(), "streams", List.of("room:a*"));
        String theirs = id(api.post(PATH, team, wish));
        String other = id(made("org:*"));

        for (String streams : List.of("*", "roo*", "room*", "org:1")) {
            Map<String, Object> more = Map.of("url", receiver.url(), "streams", List.of("room:a", streams));
            assertThat(api.send("POST", PATH, team, more).error()).as(streams).isEqualTo("forbidden");
        }
        assertThat(api.get(PATH, team)
                        .path("webhooks")
                        .valueStream()
                        .map(each -> each.path("id").asString()))
                .containsExactly(theirs);
        assertThat(api.send("GET", PATH + "/" + other, team, null).error()).isEqualTo("forbidden");
        assertThat(api.send("DELETE", PATH + "/" + other, team, null).error()).isEqualTo("forbidden");
        assertThat(api.send("GET", PATH + "/" + theirs, api.register("nobody."), null)
                        .error())
                .isEqualTo("unauthenticated");
        for (Map<String, Object> wrong : List.<Map<String, Object>>of(
                Map.of("url", "ftp://example.com/", "streams", List.of("room:a")),
                Map.of("url", "https://ann:secret@example.com/", "streams", List.of("room:a")),
                Map.of("url", receiver.url(), "streams", List.of("room")),
                Map.of("url", receiver.url(), "streams", List.of("ro*m:a")),
                Map.of("url", receiver.url(), "streams", List.of()),
                Map.of("url", receiver.url()))) {
            assertThat(api.send("POST", PATH, root, wrong).error())
                    .as("%s", wrong)
                    .isEqualTo("bad_request");
        }
    }

    @Test
    void theCommandDoesWhatTheApiDoes() throws Exception {
        String[] made = command("create", receiver.url(), "room:typed", "--type", "said")
                .split("\n", -1);
        publish("room:typed", "said", 1);
        came(1);
        assertThat(receiver.messages().getFirst().isSignedWith(made[1])).isTrue();

        assertThat(command("list")).contains(made[0], "active", receiver.url(), "room:typed");
        assertThat(command("pause", made[0])).contains("\"paused\"");
        assertThat(command("resume", made[0])).contains("\"active\"");
        assertThat(command("retry", made[0])).contains("\"active\"");
        assertThat(command("show", made[0])).contains("\"waiting\"");
        assertThat(command("secret", made[0])).startsWith("whsec_");
        assertThat(command("delete", made[0])).isEmpty();
        assertThat(command("list")).isEmpty();
    }

    private String command(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine tutti = TuttiCommand.at(new Terminal(Map.of("JWT_SECRET", SECRET), Path.of("/")))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of("webhook"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--server", server.launch().address().toString()));
        assertThat(tutti.execute(all.toArray(String[]::new))).as(err.toString()).isZero();
        return out.toString();
    }
}
