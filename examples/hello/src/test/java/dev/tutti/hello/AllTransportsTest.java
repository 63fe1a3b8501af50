package dev.tutti.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.memory.MemoryBackend;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.EventSourceClient;
import dev.tutti.testkit.client.JsonSocket;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The example over each of its transports, as clients see it. */
class AllTransportsTest {
    private static final String LOBBY = "/api/streams/room:lobby";
    private static final Account ANN = new Account("ann", "ann", "token-of-ann");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AllTransports server = AllTransports.start(
            MemoryBackend.open(),
            "a secret of the tests, and of no one else",
            AllTransports.byToken(Map.of(ANN.token(), ANN.id())),
            0);
    private final URI address = URI.create("http://127.0.0.1:" + server.port());
    private final Api api = new Api();

    @AfterEach
    void stop() {
        server.close();
        api.close();
    }

    @Test
    void anEventThatIsAppendedOverRestIsReadOverEachTransport() throws Exception {
        Api.Answer appended =
                api.send(address, "POST", LOBBY, ANN, Map.of("type", "said", "data", Map.of("text", "hello")));
        assertThat(appended.done().path("seq").asLong()).isEqualTo(1);

        assertThat(api.get(address, LOBBY, ANN).at("/events/0/data/text").asString())
                .isEqualTo("hello");
        assertThat(overWebSocket().at("/data/text").asString()).isEqualTo("hello");
        assertThat(overServerSentEvents()).contains("\"text\":\"hello\"");
        assertThat(overSocketIo().at("/data/text").asString()).isEqualTo("hello");
    }

    @Test
    void onlyWhatIsForAnybodyIsReadWithoutAToken() throws Exception {
        assertThat(api.send(address, "GET", LOBBY, null, null).status()).isEqualTo(401);
        assertThat(api.send(address, "GET", "/api/streams/room:news", null, null)
                        .status())
                .isEqualTo(200);
        assertThat(api.send(address, "GET", "/api/streams/user:ben", ANN, null).status())
                .isEqualTo(403);
        try (OfficialSocket stranger = OfficialSocket.at(address).build()) {
            assertThat(stranger.refusal().at("/data/code").asString()).isEqualTo("unauthenticated");
        }
    }

    @Test
    void whenItStopsItsClientsAreToldAndNobodyElseComesIn() throws Exception {
        assertThat(api.send(address, "GET", "/health/ready", null, null).status())
                .isEqualTo(200);
        try (JsonSocket client = JsonSocket.open(api, address, ANN)) {
            server.close();
            assertThat(client.hasEndedWithin(PATIENCE)).isTrue();
        }
        assertThatThrownBy(() -> api.send(address, "GET", "/health/ready", null, null))
                .isInstanceOf(IOException.class);
    }

    @Test
    void thePageShowsTheExampleAsItIs() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/tutti/hello/AllTransports.java"));
        assertThat(Files.readString(Path.of("../../docs/library.md")))
                .contains("```java\n" + source.substring(source.indexOf("/** ")) + "```\n");
    }

    /** The first event of the lobby. */
    private JsonNode overWebSocket() throws Exception {
        try (JsonSocket client = JsonSocket.open(api, address, ANN)) {
            client.say(Map.of("op", "subscribe", "id", 1, "stream", "room:lobby", "after", 0));
            JsonNode heard;
            do {
                heard = client.hear(PATIENCE).orElseThrow();
            } while (!heard.path("op").asString("").equals("event"));
            return heard;
        }
    }

    /** The same. */
    private String overServerSentEvents() {
        try (EventSourceClient client = new EventSourceClient(
                server.port(), LOBBY + "/events?after=0", "Authorization: Bearer " + ANN.token() + "\r\n")) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            return client.data().orElseThrow();
        }
    }

    /** The same. */
    private JsonNode overSocketIo() throws Exception {
        try (OfficialSocket client = OfficialSocket.at(address).account(ANN).connect()) {
            ReceivedEvents heard = client.received("event");
            client.emit("read", 0);
            return heard.nextValue();
        }
    }
}
