package dev.tutti.cli.proof.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.EqualInstances;
import dev.tutti.cli.proof.Solo;
import dev.tutti.cli.proof.client.Talker;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.client.ServerApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Programs that ask one of two instances who is there and which streams there are, and delete some. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InquiryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PRESENCE = "/api/server/presence";
    private static final String STREAMS = "/api/server/streams";

    private final Account root = program(ApiKeys.root(Solo.SECRET));
    private EqualInstances instances;
    private ServerApi one;
    private ServerApi other;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        instances = EqualInstances.start(directory, 2, Map.of());
        one = instances.apis().getFirst();
        other = instances.apis().getLast();
    }

    @AfterAll
    void stop() {
        instances.close();
    }

    private static Account program(String token) {
        return new Account("", "", token);
    }

    private Account key(String... capabilities) throws Exception {
        return program(
                one.post("/api/server/keys", root, Map.of("name", "a test's", "capabilities", List.of(capabilities)))
                        .path("token")
                        .asString());
    }

    private void publish(String stream, String key) throws Exception {
        one.post("/api/streams/" + stream, root, Map.of("type", "said", "data", 1, "key", key));
    }

    private String error(String method, String path, Account program) throws Exception {
        return other.send(method, path, program, null).error();
    }

    @Test
    void aProgramAsksWhoIsConnectedToAnyInstance() throws Exception {
        Account ann = one.register("ann.");
        Account bob = one.register("bob.");
        Account program = key("presence:/user:*");
        String both = PRESENCE + "?users=" + ann.id() + "," + bob.id();
        try (Talker _ = Talker.connect(one.address(), ann, "websocket")) {
            await().atMost(PATIENCE)
                    .until(() -> other.get(both, program).path("count").asInt() == 1);
            assertThat(other.get(both, program).path("users")).hasToString("[\"" + ann.id() + "\"]");
            assertThat(one.get(PRESENCE + "?limit=1000", program).path("users").toString())
                    .contains(ann.id())
                    .doesNotContain(bob.id());
        }
        await().atMost(PATIENCE)
                .until(() -> other.get(both, program).path("count").asInt() == 0);
    }

    @Test
    void aProgramAsksWhoIsInARoomOfAnyInstance() throws Exception {
        Account ann = one.register("ann.");
        Account bob = one.register("bob.");
        Account program = key("presence:/desk-*");
        List<String> sorted = List.of(ann.id(), bob.id()).stream().sorted().toList();
        try (Talker _ = Talker.connect(one.address(), ann, "websocket");
                Talker _ = Talker.connect(other.address(), bob, "websocket")) {
            Map<String, Object> both = Map.of("to", List.of("user:" + ann.id(), "user:" + bob.id()), "room", "desk-1");
            await().atMost(PATIENCE).until(() -> {
                one.post("/api/server/rooms/join", root, both); // they join rooms of theirs when they are connected
                return other.get(PRESENCE + "?room=desk-1", program)
                                .path("count")
                                .asInt()
                        == 2;
            });
            JsonNode first = other.get(PRESENCE + "?room=desk-1&limit=1", program);
            assertThat(first.path("users").get(0).asString()).isEqualTo(sorted.getFirst());
            assertThat(first.path("more").asBoolean()).isTrue();
            JsonNode second = one.get(PRESENCE + "?room=desk-1&limit=1&after=" + sorted.getFirst(), program);
            assertThat(second.path("users").get(0).asString()).isEqualTo(sorted.getLast());
            assertThat(second.path("more").asBoolean()).isFalse();
            assertThat(other.get(PRESENCE + "?room=desk-2", program)
                            .path("count")
                            .asInt())
                    .isZero();
        }
    }

    @Test
    void presenceIsForKeysThatHaveIt() throws Exception {
        Account program = key("presence:/user:ann", "presence:lobby", "read:*");

        assertThat(other.get(PRESENCE + "?users=ann", program).path("count").asInt())
                .isZero();
        assertThat(other.get(PRESENCE + "?place=lobby", program).path("count").asInt())
                .isZero();
        assertThat(error("GET", PRESENCE, program)).isEqualTo("forbidden");
        assertThat(error("GET", PRESENCE + "?users=ann,bob", program)).isEqualTo("forbidden");
        assertThat(error("GET", PRESENCE + "?room=lobby", program)).isEqualTo("forbidden");
        assertThat(error("GET", PRESENCE + "?place=/user:ann", program)).isEqualTo("forbidden");
        assertThat(error("GET", PRESENCE + "?users=ann&place=lobby", program)).isEqualTo("bad_request");
        assertThat(error("GET", PRESENCE + "?room=lobby&namespace=/never", root))
                .isEqualTo("not_found");
    }

    @Test
    void aProgramListsTheStreamsThatItMayRead() throws Exception {
        for (String stream : List.of("room:list-c", "org:listed", "room:list-a", "room:list-b", "room:unlisted")) {
            publish(stream, "1");
        }
        publish("room:list-b", "2");
        Account program = key("read:room:list-*", "read:org:listed", "read:room:list-a");

        JsonNode all = other.get(STREAMS, program);
        assertThat(all.path("streams").findValuesAsString("name"))
                .containsExactly("org:listed", "room:list-a", "room:list-b", "room:list-c");
        assertThat(all.path("streams").findValuesAsString("head")).containsExactly("1", "1", "2", "1");
        assertThat(all.path("more").asBoolean()).isFalse();
        JsonNode first = other.get(STREAMS + "?prefix=room:&limit=2", program);
        assertThat(first.path("streams").findValuesAsString("name")).containsExactly("room:list-a", "room:list-b");
        assertThat(first.path("more").asBoolean()).isTrue();
        JsonNode second = other.get(STREAMS + "?prefix=room:&limit=2&after=room:list-b", program);
        assertThat(second.path("streams").findValuesAsString("name")).containsExactly("room:list-c");
        assertThat(second.path("more").asBoolean()).isFalse();
        assertThat(error("GET", STREAMS + "?prefix=room:u", program)).isEqualTo("forbidden");
        assertThat(other.get(STREAMS + "?prefix=room:", root).path("streams").findValuesAsString("name"))
                .contains("room:list-a", "room:unlisted");
    }

    @Test
    void whoFollowsAStreamThatIsDeletedIsToldAndGoesOn() throws Exception {
        publish("room:gone-1", "first");
        Account program = key("delete:room:gone-*", "read:room:gone-*");
        try (JsonSocket socket = other.socket(program)) {
            socket.say(Map.of("op", "subscribe", "id", 1, "stream", "room:gone-1", "after", 0));
            assertThat(event(socket)).isEqualTo("1 said");

            JsonNode deletion =
                    one.send("DELETE", STREAMS + "/room:gone-1", program, null).done();
            assertThat(deletion.path("seq").asInt()).isEqualTo(2);
            assertThat(deletion.path("deleted").asInt()).isEqualTo(1);
            assertThat(deletion.path("complete").asBoolean()).isTrue();
            publish("room:gone-1", "first");

            assertThat(event(socket)).isEqualTo("2 stream.deleted");
            assertThat(event(socket)).isEqualTo("3 said");
        }
        assertThat(other.get("/api/streams/room:gone-1?after=0", program)
                        .at("/gap/resume")
                        .asInt())
                .isEqualTo(1);
        assertThat(other.get("/api/streams/room:gone-1?after=1", program)
                        .path("events")
                        .findValuesAsString("seq"))
                .containsExactly("2", "3");
    }

    @Test
    void streamsAreDeletedByKeysThatMay() throws Exception {
        publish("room:stays", "1");

        assertThat(error("DELETE", STREAMS + "/room:stays", key("publish:*", "read:*", "delete:room:other")))
                .isEqualTo("forbidden");
        assertThat(error("DELETE", STREAMS + "/room:never", root)).isEqualTo("not_found");
        for (String kind : List.of("conversation", "job", "audit", "socketio")) {
            assertThat(error("DELETE", STREAMS + "/" + kind + ":1", root)).isEqualTo("forbidden");
        }
        assertThat(one.get("/api/streams/room:stays", root).path("events").size())
                .isEqualTo(1);
    }

    /** The seq and type of the next event. */
    private static String event(JsonSocket socket) throws InterruptedException {
        while (true) {
            JsonNode message = socket.hear(PATIENCE).orElseThrow();
            if (message.path("op").asString().equals("event")) {
                return message.path("seq").asLong() + " " + message.path("type").asString();
            }
        }
    }
}
