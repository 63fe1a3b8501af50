package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.socket.ConnectRefusedException;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The testkit's socket of the official client, at a real server. */
class OfficialSocketTest {
    private static final String CLOSED = "/closed";

    private final RunningServer server = new RunningServer(OfficialSocketTest::application);

    @AfterEach
    void stop() {
        server.close();
    }

    private static void application(SocketIoServer io) {
        io.namespace("/").onConnection(socket -> {
            socket.on("echo", message -> {
                socket.emit("echoed", message.arguments().toArray());
                message.reply(message.arguments().toArray());
            });
            socket.on("go", _ -> socket.disconnect());
        });
        io.namespace(CLOSED).use(_ -> {
            throw new ConnectRefusedException("not on the list", Map.of("page", 3));
        });
    }

    private OfficialSocket.Builder at(String namespace) {
        return OfficialSocket.at(server.uri(namespace)).transports("websocket");
    }

    @Test
    void mapsGoAsObjectsAndComeBackAsJson() throws Exception {
        try (OfficialSocket socket = at("/").connect()) {
            ReceivedEvents echoed = socket.received("echoed");

            assertThat(socket.ask("echo", Map.of("text", "hi")).path("text").asString())
                    .isEqualTo("hi");

            assertThat(echoed.next()[0]).hasToString("{\"text\":\"hi\"}");
            assertThat(socket.ask("echo", "a text").stringValue()).isEqualTo("a text");
            assertThat(socket.ask("echo", 3).intValue()).isEqualTo(3);
            assertThat(socket.ask("echo", true).booleanValue()).isTrue();
            assertThat(echoed.nextValue().stringValue()).isEqualTo("a text");
            assertThat(echoed.nextValue().intValue()).isEqualTo(3);
        }
    }

    @Test
    void anAnswerThatIsOwedAtTheEndFailsAndSoDoesALaterQuestion() throws Exception {
        try (OfficialSocket socket = at("/").connect()) {
            CompletableFuture<JsonNode> owed = socket.emitWithAck("go");

            assertThat(socket.ended().get(20, TimeUnit.SECONDS)).isEqualTo("io server disconnect");
            assertThatThrownBy(owed::join).hasMessageContaining("io server disconnect");
            assertThatThrownBy(() -> socket.ask("echo", "too late"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the connection has ended");
        }
    }

    @Test
    void aRefusalIsNoConnectionAndAConnectionNoRefusal() throws Exception {
        try (OfficialSocket socket = at(CLOSED).build()) {
            assertThat(socket.refusal().path("data").path("page").asInt()).isEqualTo(3);
            assertThatThrownBy(socket::connect).isInstanceOf(IOException.class).hasMessageContaining("not on the list");
        }
        try (OfficialSocket socket = at("/").build()) {
            assertThatThrownBy(socket::refusal)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("it was not refused");
        }
    }
}
