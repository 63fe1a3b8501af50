package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.testkit.client.RawConnection;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Settings that no other test has a server with. */
class SocketIoSettingsTest {
    private static final int MOST = 10_000;

    private static String message(String packet, int bytes) {
        String beginning = packet + "[\"say\",\"";
        return beginning + "x".repeat(bytes - beginning.length() - 2) + "\"]";
    }

    @Test
    void payloadsOfPollsAndMessagesOfWebSocketsHaveTheBoundOfMessages() throws IOException, InterruptedException {
        EdgeSettings small = EdgeSettings.DEFAULT.withSizes(new EdgeSettings.Sizes(8_192, 16_384, MOST));
        try (RunningServer server = new RunningServer(
                        small,
                        SocketIoSettings.DEFAULT,
                        io -> io.namespace("/")
                                .onConnection(socket -> socket.on("say", message -> message.reply("said"))));
                EngineClient client = new EngineClient(server)) {
            assertThat(client.get("EIO=4&transport=polling").body()).contains("\"maxPayload\":" + MOST + "}");
            String session = client.connect();
            assertThat(client.post(session, message("42", MOST)).statusCode()).isEqualTo(200);
            assertThat(client.post(session, message("42", MOST + 1)).statusCode())
                    .isEqualTo(413);

            EngineClient.Frames socket = client.connectedWebSocket();
            socket.send(message("421", MOST));
            assertThat(socket.next()).isEqualTo("431[\"said\"]");
            socket.send(message("422", MOST + 1));
            assertThat(socket.next()).isEqualTo("close 1009");
        }
    }

    @Test
    void theServerAnswersAtItsPathAlone() {
        SocketIoSettings settings = SocketIoSettings.DEFAULT.withPath("/realtime/");
        try (RunningServer server = new RunningServer(EdgeSettings.DEFAULT, settings, io -> io.namespace("/"))) {
            assertThat(answer(server, "/realtime/")).startsWith("HTTP/1.1 101");
            assertThat(answer(server, "/socket.io/")).startsWith("HTTP/1.1 404");
        }
    }

    private static String answer(RunningServer server, String path) {
        try (RawConnection connection = new RawConnection(server.edge.port())) {
            return connection
                    .send(RawConnection.handshake(path + "?EIO=4&transport=websocket", ""))
                    .answer();
        }
    }

    @Test
    void aTimeOutIsMoreThanNothingAndADayAtMost() {
        SocketIoSettings settings = SocketIoSettings.DEFAULT;
        assertThatThrownBy(() -> settings.withConnectTimeout(Duration.ZERO)).hasMessageContaining("time-out PT0S");
        assertThatThrownBy(() -> settings.withUpgradeTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("upgrade time-out PT");
        assertThat(settings.withUpgradeTimeout(Duration.ofDays(1)).upgradeTimeout())
                .isEqualTo(Duration.ofDays(1));
    }

    @Test
    void aPathHasSlashesAroundIt() {
        assertThatThrownBy(() -> SocketIoSettings.DEFAULT.withPath("/realtime")).hasMessageContaining("'/realtime'");
        assertThatThrownBy(() -> SocketIoSettings.DEFAULT.withPath("realtime/")).hasMessageContaining("'realtime/'");
    }
}
