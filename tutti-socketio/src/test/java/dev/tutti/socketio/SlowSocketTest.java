package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Socket;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who reads too slowly costs a bounded number of bytes, and nobody else anything. */
class SlowSocketTest {
    private static final OutboxBounds BOUNDS = new OutboxBounds(8 * 1024, 16 * 1024, 128 * 1024);
    private static final String KILOBYTES = "x".repeat(8 * 1024);

    private final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
    private final RunningServer server = new RunningServer(
            EdgeSettings.DEFAULT.outbox(BOUNDS),
            SocketIoSettings.DEFAULT.pingTimeout(Duration.ofMinutes(10)), // these clients answer no pings
            io -> io.namespace("/").onConnection(socket -> {
                socket.onDisconnect(reasons::add);
                sockets.add(socket);
            }));
    private final EngineClient client = new EngineClient(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aClientThatDoesNotReadIsDisconnectedAndOthersGetEverything() throws Exception {
        EngineClient.Frames reader = client.connectedWebSocket();
        sockets.take();
        try (RawSocket stuck = RawSocket.connected(server)) {
            Socket slow = sockets.take();
            int sent = 0;
            while (reasons.isEmpty()) {
                slow.emit("large", KILOBYTES);
                if (sent < 100) {
                    slow.broadcast().emit("large", sent);
                    sent++;
                }
            }
            assertThat(reasons.take()).isEqualTo(DisconnectReason.SLOW_CONSUMER);
            for (int i = 0; i < sent; i++) {
                assertThat(reader.next()).isEqualTo("42[\"large\"," + i + "]");
            }
            String frame = stuck.frame();
            while (!frame.startsWith("close")) {
                frame = stuck.frame();
            }
            assertThat(frame).isEqualTo("close 4001");
        }
    }

    @Test
    void aClientThatDoesNotPollIsDisconnected() throws Exception {
        String session = client.connect();
        Socket slow = sockets.take();

        for (int i = 0; i < 20; i++) {
            slow.emit("large", KILOBYTES);
        }

        assertThat(reasons.take()).isEqualTo(DisconnectReason.SLOW_CONSUMER);
        assertThat(client.get(session).body().length()).isLessThan(BOUNDS.hardBytes() + KILOBYTES.length());
        await().until(() -> server.edge.connections() == 0);
    }

    @Test
    void ephemeralMessagesAreDroppedAndCountedForWhoIsNotReady() throws Exception {
        String session = client.connect();
        Socket slow = sockets.take();
        for (int i = 0; i < 50; i++) {
            slow.emitEphemeral("large", KILOBYTES);
            server.namespace().ephemeral().emit("large", KILOBYTES);
        }
        slow.emit("last");

        String received = client.get(session).body();
        while (!received.contains("last")) {
            received += client.get(session).body();
        }
        assertThat(received.length()).isLessThan(BOUNDS.softBytes() + 2 * KILOBYTES.length());
        assertThat(server.tutti
                        .meters()
                        .get(FlowMetrics.DROPS)
                        .tag(FlowMetrics.REASON, "not_ready")
                        .counter()
                        .count())
                .isBetween(90.0, 100.0);
        assertThat(reasons).isEmpty();
    }

    @Test
    void aStreamWaitsInTheLogForASlowReaderAndLosesNothing() throws Exception {
        StreamName stream = new StreamName("room:1");
        int events = 400;
        for (int i = 0; i < events; i++) {
            server.tutti.streams().append(new Append(stream, "large", Json.of("\"" + KILOBYTES + "\"")));
        }
        try (RawSocket late = RawSocket.connected(server)) {
            Socket slow = sockets.take();
            slow.subscribe(stream, 0);
            for (int i = 0; i < events; i++) {
                server.tutti.streams().append(new Append(stream, "large", Json.of("\"" + KILOBYTES + "\"")));
            }
            for (int seq = 1; seq <= 2 * events; seq++) {
                assertThat(late.frame()).startsWith("42[\"event\",{\"stream\":\"room:1\",\"seq\":" + seq + ",");
            }
        }
        assertThat(reasons.take()).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);

        String session = client.connect();
        sockets.take().subscribe(stream, 0);
        StringBuilder polled = new StringBuilder();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            String body = client.get(session).body();
            assertThat(body.length()).isLessThan(2 * 1024 * 1024);
            polled.append(body.replace("x", "")).append('\u001e');
            return body.contains("\"seq\":" + 2 * events + ",");
        });
        String[] packets = polled.toString().split("\u001e");
        assertThat(packets).hasSize(2 * events);
        for (int i = 0; i < packets.length; i++) {
            assertThat(packets[i]).contains("\"seq\":" + (i + 1) + ",");
        }
    }
}
