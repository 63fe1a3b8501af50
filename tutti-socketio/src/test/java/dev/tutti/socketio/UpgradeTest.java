package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Sessions that were upgraded to a WebSocket, most of which live on another event loop than the session: with 16 of them on
 * 4 loops, all being on their own has a chance of one in four thousand million.
 */
class UpgradeTest {
    private static final int CLIENTS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final StreamName STREAM = new StreamName("room:1");
    private static final String KILOBYTES = "x".repeat(8 * 1024);
    private static final OutboxBounds BOUNDS = new OutboxBounds(8 * 1024, 16 * 1024, 256 * 1024);
    private static final EdgeSettings FOUR_LOOPS = EdgeSettings.DEFAULT
            .withEventLoops(4)
            .withMaxConnections(1_000)
            .withMaxRequests(1_000)
            .withOutbox(BOUNDS);

    /** Something that happens while a session polls. */
    private interface Action {
        void run() throws Exception;
    }

    private final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
    private final RunningServer server = new RunningServer(
            FOUR_LOOPS,
            SocketIoSettings.DEFAULT.withPingTimeout(Duration.ofMinutes(10)), // these clients answer no pings
            io -> io.namespace("/").onConnection(socket -> {
                socket.onDisconnect(reasons::add);
                sockets.add(socket);
            }));
    private final EngineClient client = new EngineClient(server);
    private final List<RawSocket> clients = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (RawSocket each : clients) {
            each.close();
        }
        client.close();
        server.close();
    }

    private RawSocket upgraded() throws Exception {
        return upgraded(() -> {});
    }

    private RawSocket upgraded(Action meanwhile) throws Exception {
        String session = client.connect();
        meanwhile.run();
        RawSocket socket = new RawSocket(server);
        clients.add(socket);
        socket.upgrade(session.replace("polling", "websocket"));
        socket.text("2probe");
        assertThat(socket.frame()).isEqualTo("3probe");
        socket.text("5");
        return socket;
    }

    /** It comes right behind the upgrade packet, and is more than a stranger may send. */
    @Test
    void whatAClientHeldBackUntilItWasUpgradedIsTaken() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
            RawSocket socket =
                    upgraded(() -> sockets.take().on("n", message -> heard.add(message.as(0, Integer.class))));
            for (int n = 0; n < 300; n++) {
                socket.text("42[\"n\"," + n + "]");
            }
            await().atMost(PATIENCE).until(() -> heard.size() == 300);
        }
        assertThat(reasons).isEmpty();
    }

    @Test
    void messagesAndEventsArriveInOrder() throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            upgraded();
            sockets.take().subscribe(STREAM, 0);
        }
        for (int i = 1; i <= 200; i++) {
            server.namespace().emit("n", i);
        }
        for (RawSocket each : clients) {
            for (int i = 1; i <= 200; i++) {
                assertThat(each.frame()).isEqualTo("42[\"n\"," + i + "]");
            }
        }
        for (int i = 0; i < 50; i++) {
            server.tutti.streams().append(new Append(STREAM, "large", Json.of("\"" + KILOBYTES + "\"")));
        }
        for (RawSocket each : clients) {
            for (int seq = 1; seq <= 50; seq++) {
                assertThat(each.frame()).contains("\"seq\":" + seq + ",");
            }
        }
    }

    @Test
    void streamsWaitInTheLogForThoseThatReadLate() throws Exception {
        int events = 500;
        for (int i = 0; i < events; i++) {
            server.tutti.streams().append(new Append(STREAM, "large", Json.of("\"" + KILOBYTES + "\"")));
        }
        for (int i = 0; i < CLIENTS / 4; i++) {
            upgraded();
            sockets.take().subscribe(STREAM, 0);
        }
        for (RawSocket each : clients) {
            for (int seq = 1; seq <= events; seq++) {
                assertThat(each.frame()).contains("\"seq\":" + seq + ",");
            }
        }
        assertThat(reasons).isEmpty();
    }

    @Test
    void whatWaitedForAPollIsTakenAlongWhateverItsSize() throws Exception {
        int events = 100;
        for (int i = 0; i < events; i++) {
            server.tutti.streams().append(new Append(STREAM, "large", Json.of("\"" + KILOBYTES + "\"")));
        }
        for (int i = 0; i < CLIENTS / 4; i++) {
            RawSocket socket = upgraded(() -> {
                Socket polling = sockets.take();
                polling.subscribe(STREAM, 0);
                LocalSocket here = (LocalSocket) polling;
                await().until(() -> !here.loop().submit(here.outbox()::ready).get()); // the log was read
            });
            for (int seq = 1; seq <= events; seq++) {
                assertThat(socket.frame()).contains("\"seq\":" + seq + ",");
            }
        }
    }

    @Test
    void thoseThatDoNotReadAreDisconnected() throws Exception {
        for (int i = 0; i < CLIENTS / 2; i++) {
            upgraded();
            sockets.take();
        }
        for (int i = 0; i < CLIENTS / 2; i++) {
            while (reasons.isEmpty()) {
                server.namespace().emit("large", KILOBYTES);
            }
            assertThat(reasons.take()).isEqualTo(DisconnectReason.SLOW_CONSUMER);
        }
        assertThat(server.namespace().sockets()).isEmpty();
    }
}
