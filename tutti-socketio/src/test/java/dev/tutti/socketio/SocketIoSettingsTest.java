package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.testkit.client.RawConnection;
import org.junit.jupiter.api.Test;

/** Settings that no other test has a server with. */
class SocketIoSettingsTest {
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
    void aPathHasSlashesAroundIt() {
        assertThatThrownBy(() -> SocketIoSettings.DEFAULT.withPath("/realtime")).hasMessageContaining("'/realtime'");
        assertThatThrownBy(() -> SocketIoSettings.DEFAULT.withPath("realtime/")).hasMessageContaining("'realtime/'");
    }
}
