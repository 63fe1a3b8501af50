package dev.tutti.cli.proof.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The unmodified Socket.IO client for Java, by each transport, against a real server. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SocketIoClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private ServerProcess server;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = ServerProcess.start(launch(directory));
        api = new ServerApi(server.launch().address());
    }

    /** What is tested. */
    Launch launch(Path directory) throws IOException {
        return Solo.launch(directory);
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
    }

    /** The conversation of two people who have just been registered. */
    private record DirectConversation(String id, Account ann, Account bob) {}

    private DirectConversation direct() throws Exception {
        Account ann = api.register("ann.");
        Account bob = api.register("bob.");
        return new DirectConversation(api.direct(ann, bob), ann, bob);
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void twoPeopleTalk(String transports) throws Exception {
        String[] names = transports.split(",", -1);
        DirectConversation direct = direct();
        try (Talker ann = Talker.connect(address(), direct.ann(), names);
                Talker bob = Talker.connect(address(), direct.bob(), names)) {
            assertThat(ann.follow(null).path("ok").asBoolean()).isTrue();
            assertThat(bob.follow(null).path("ok").asBoolean()).isTrue();
            JsonNode answer = ann.say(direct.id(), "m1", "Hello, Bob");
            assertThat(answer.path("ok").asBoolean()).as(answer.toString()).isTrue();
            assertThat(answer.path("repeated").asBoolean()).isFalse();
            JsonNode again = ann.say(direct.id(), "m1", "Hello, Bob");
            assertThat(again.path("repeated").asBoolean()).isTrue();
            assertThat(again.path("seq").asLong()).isEqualTo(answer.path("seq").asLong());
            bob.say(direct.id(), "m1", "Hello, Ann");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(bob.heard()).containsExactly("Hello, Bob", "Hello, Ann"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ann.heard()).containsExactly("Hello, Bob", "Hello, Ann"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(bob.transports()).endsWith(names[names.length - 1]));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void whoComesBackGetsWhatWasSaidMeanwhileOnce(String transports) throws Exception {
        String[] names = transports.split(",", -1);
        DirectConversation direct = direct();
        try (Talker ann = Talker.connect(address(), direct.ann(), names);
                Talker bob = Talker.connect(address(), direct.bob(), names)) {
            bob.follow(null);
            ann.say(direct.id(), "before", "before");
            await().atMost(PATIENCE).until(() -> bob.heard().size() == 1 && bob.token() != null);
            bob.disconnect();
            List<String> meanwhile =
                    IntStream.range(0, 250).mapToObj(i -> "meanwhile-" + i).toList();
            for (String text : meanwhile) {
                post(direct, text); // by REST, whose rate is not a connection's
            }
            try (Talker bobAgain = Talker.connect(address(), direct.bob(), names)) {
                bobAgain.follow(bob.token());
                post(direct, "after");
                await().atMost(PATIENCE).until(() -> bobAgain.heard().contains("after"));
                assertThat(bobAgain.heard().subList(0, meanwhile.size())).isEqualTo(meanwhile);
                assertThat(bobAgain.heard()).hasSize(meanwhile.size() + 1);
            }
        }
    }

    /** Sends {@code text} as Ann. */
    private void post(DirectConversation direct, String text) throws Exception {
        String path = "/api/conversations/" + direct.id() + "/messages";
        api.post(path, direct.ann(), Map.of("id", text, "text", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling", "websocket"})
    void bytesAreUnderstoodThoughNobodyHereWantsThemAndTheConnectionGoesOn(String transport) throws Exception {
        DirectConversation direct = direct();
        try (Talker ann = Talker.connect(address(), direct.ann(), transport)) {
            JsonNode answer =
                    ann.ask("picture:send", new JSONObject().put("picture", new byte[] {1, 2, 3}), new byte[5_000]);
            assertThat(answer.path("error").path("code").asString()).isEqualTo("not_found");
            assertThat(ann.say(direct.id(), "text", "text").path("ok").asBoolean())
                    .isTrue();
        }
    }

    @Test
    void whoHasNoValidTokenIsToldSo() throws Exception {
        try (Talker nobody = new Talker(address(), "forged", "websocket")) {
            JsonNode refused = nobody.connectAndBeRefused();
            assertThat(refused.path("data").path("code").asString()).isEqualTo("unauthenticated");
            assertThat(refused.path("data").path("number").asInt()).isEqualTo(4201);
        }
    }

    @Test
    void aStrangerReadsNothing() throws Exception {
        DirectConversation direct = direct();
        try (Talker stranger = Talker.connect(address(), api.register("eve."), "websocket");
                Talker friend = Talker.connect(address(), direct.ann(), "websocket")) {
            stranger.follow(null);
            friend.follow(null);
            assertThat(stranger.say(direct.id(), "m1", "Let me in")
                            .path("error")
                            .path("code")
                            .asString())
                    .isEqualTo("not_found");
            friend.say(direct.id(), "m1", "secret");
            await().atMost(PATIENCE).until(() -> friend.heard().contains("secret"));
            assertThat(stranger.heard()).isEmpty();
        }
    }

    private URI address() {
        return server.launch().address();
    }
}
