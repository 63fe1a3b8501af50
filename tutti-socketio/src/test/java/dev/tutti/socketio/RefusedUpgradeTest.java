package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.testkit.client.RawConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** WebSockets that may not become the transport of a session: refused before they are one, and nothing of them stays. */
class RefusedUpgradeTest {
    private static final int MANY = 50;
    private static final Duration BOUND = Duration.ofMinutes(5);

    private final RunningServer server =
            new RunningServer(EdgeSettings.DEFAULT, SocketIoSettings.DEFAULT, io -> io.namespace("/"));
    private final EngineClient client = new EngineClient(server);
    private final List<RawSocket> sockets = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (RawSocket each : sockets) {
            each.close();
        }
        client.close();
        server.close();
    }

    private RawSocket socket() throws IOException {
        RawSocket socket = new RawSocket(server);
        sockets.add(socket);
        return socket;
    }

    private static String webSocket(String session) {
        return session.replace("polling", "websocket");
    }

    private void refused(String session, String body) throws IOException {
        for (int i = 0; i < MANY; i++) {
            assertThat(socket().asks(webSocket(session)))
                    .startsWith("HTTP/1.1 400")
                    .endsWith(body);
        }
    }

    /** All connections are still open at the clients: a drain waits for what the server still holds. */
    private void nothingIsLeft() {
        long before = System.nanoTime();
        server.edge.drain(Duration.ZERO, BOUND);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(BOUND.dividedBy(10));
        assertThat(server.edge.connections()).isZero();
    }

    @Test
    void aSessionThatIsUpgradedAlreadyStaysAsItIs() throws Exception {
        String session = client.connect();
        RawSocket socket = socket();
        socket.upgrade(webSocket(session));
        socket.text("2probe");
        assertThat(socket.frame()).isEqualTo("3probe");
        socket.text("5");
        await().until(() -> client.get(session).statusCode() == 400);

        refused(session, "{\"code\":3,\"message\":\"Bad request\"}");
        assertThat(server.edge.connections()).isEqualTo(1);
        nothingIsLeft();
    }

    @Test
    void aSecondProbeIsRefusedAndTheFirstGoesOn() throws Exception {
        String session = client.connect();
        RawSocket first = socket();
        first.upgrade(webSocket(session));

        refused(session, "{\"code\":3,\"message\":\"Bad request\"}");

        first.text("2probe");
        assertThat(first.frame()).isEqualTo("3probe");
        nothingIsLeft();
    }

    @Test
    void aClosedSessionIsUnknown() throws Exception {
        String session = client.connect();
        client.post(session, "1");

        refused(session, "{\"code\":1,\"message\":\"Session ID unknown\"}");
        nothingIsLeft();
    }

    @Tag("slow")
    @Test
    void aSessionThatEndsTakesItsProbeAlong() throws Exception {
        for (int i = 0; i < MANY; i++) {
            String session = client.connect();
            RawSocket probe = socket();
            probe.upgrade(webSocket(session));
            client.post(session, "1");
            assertThat(probe.frame()).isEqualTo("close 1000");
        }
        nothingIsLeft();
    }

    @Test
    void aHandshakeThatIsNotWholeLeavesRoomForTheNext() throws Exception {
        String session = client.connect();
        RawSocket socket = socket();
        socket.write(("GET /socket.io/?" + webSocket(session)
                        + " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.answer()).startsWith("HTTP/1.1 4");

        RawSocket next = socket();
        next.upgrade(webSocket(session));
        next.text("2probe");
        assertThat(next.frame()).isEqualTo("3probe");
    }

    /** It would hold a permit, and what gives it back, for as long as its connection lasts. */
    @Test
    void aHandshakeThatIsNotOneTakesNoPermit() throws Exception {
        String query = "EIO=4&transport=websocket";
        try (RunningServer full = new RunningServer(
                        EdgeSettings.DEFAULT.withMaxConnections(1), SocketIoSettings.DEFAULT, io -> io.namespace("/"));
                RawSocket first = new RawSocket(full);
                RawSocket second = new RawSocket(full);
                RawSocket wrong = new RawSocket(full)) {
            first.upgrade(query);
            assertThat(second.asks(query)).startsWith("HTTP/1.1 503");
            wrong.write(RawConnection.handshake("/socket.io/?" + query, "")
                    .replace("Version: 13", "Version: 12")
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(wrong.answer()).startsWith("HTTP/1.1 415");
        }
    }

    @Tag("slow")
    @Test
    void aProbeWhoseConnectionBreaksLeavesRoomForTheNext() throws Exception {
        String session = client.connect();
        for (int i = 0; i < MANY; i++) {
            await().until(() -> {
                try (RawSocket probe = new RawSocket(server)) {
                    return probe.asks(webSocket(session)).startsWith("HTTP/1.1 101");
                }
            });
        }
    }
}
