package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Socket;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.client.RawConnection;
import io.micrometer.core.instrument.Counter;
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
            EdgeSettings.DEFAULT.withOutbox(BOUNDS),
            SocketIoSettings.DEFAULT.withPingTimeout(Duration.ofMinutes(10)), // these clients answer no pings
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
        await().until(() -> count(server, FlowMetrics.DROPS) >= 97); // a poll before that makes room for more
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
                .isEqualTo(100.0 - received.split("large", -1).length + 1);
        assertThat(reasons).isEmpty();
    }

    @Test
    void whatAPollWasAnsweredWithWaitsUntilItHasBeenRead() throws Exception {
        BlockingQueue<Socket> theirs = new LinkedBlockingQueue<>();
        try (RunningServer small = new RunningServer(
                        EdgeSettings.DEFAULT
                                .withEventLoops(1)
                                .withOutbox(new OutboxBounds(8 * 1024, 13 << 20, 32 << 20))
                                .withAdmission(AdmissionSettings.DEFAULT.withBytes(64 << 20, 28 << 20)),
                        SocketIoSettings.DEFAULT,
                        io -> io.namespace("/").onConnection(theirs::add));
                EngineClient polling = new EngineClient(small);
                RawConnection unread = new RawConnection(small.edge.port(), 4_096)) {
            String session = polling.connect();
            fill(theirs.take());
            await().until(() -> count(small, FlowMetrics.BYTES_OUT) > 12 << 20);
            unread.send("GET /socket.io/?" + session + " HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(unread.head()).startsWith("HTTP/1.1 200 ");

            polling.connect();
            Socket other = theirs.take();
            fill(other); // with the 12 MiB that are unread, more than half of what there is
            other.emitEphemeral("small");
            await().until(() -> count(small, FlowMetrics.DROPS) == 1);
        }
    }

    /** Sends 12 MiB, more than the buffers of a connection take. */
    private static void fill(Socket socket) {
        for (int i = 0; i < 24; i++) {
            socket.emit("large", "x".repeat(512 * 1024));
        }
    }

    private static double count(RunningServer server, String metric) {
        return server.tutti.meters().find(metric).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
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
