package dev.tutti.edge.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is silent is sent away; with a fast heartbeat. */
class HeartbeatTest {
    private static final EdgeSettings.Times TIMES = new EdgeSettings.Times(
            Duration.ofSeconds(20),
            Duration.ofSeconds(75),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMillis(300));

    private final RunningServer server = new RunningServer(
            EdgeSettings.DEFAULT.times(TIMES),
            SocketIoSettings.DEFAULT.pingTimeout(Duration.ofSeconds(1)).connectTimeout(Duration.ofSeconds(2)),
            io -> io.namespace("/"));
    private final RawClient client = new RawClient(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aClientThatAnswersPingsStaysAndOneThatDoesNotGoes() throws Exception {
        String polling = client.open();
        RawClient.Frames silent = client.webSocket("EIO=4&transport=websocket");
        for (int i = 0; i < 3; i++) {
            assertThat(client.get(polling).body()).isEqualTo("2");
            assertThat(client.post(polling, "3").statusCode()).isEqualTo(200);
        }

        assertThat(silent.nextWithPings()).startsWith("0");
        assertThat(silent.nextWithPings()).isEqualTo("2");
        assertThat(silent.nextWithPings()).isEqualTo("close 1006");
        await().untilAsserted(
                        () -> assertThat(client.post(polling, "4").statusCode()).isEqualTo(400));
        await().until(() -> server.edge.connections() == 0);
    }

    @Test
    void aClientThatJoinsNoNamespaceIsSentAway() {
        RawClient.Frames idle = client.webSocket("EIO=4&transport=websocket");
        idle.next();
        String frame = idle.nextWithPings();
        while (frame.equals("2")) {
            idle.sendIfOpen("3");
            frame = idle.nextWithPings();
        }

        assertThat(frame).isEqualTo("close 1000");
    }
}
