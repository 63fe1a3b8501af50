package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.testkit.client.OfficialSocket;
import io.socket.client.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients get into namespaces: more than once, too many, and while that cannot be. */
class ConnectTest {
    private static final int CLIENTS = 50;
    private static final String OPEN = "EIO=4&transport=websocket";

    private @Nullable RunningServer running;

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void fiftyUnmodifiedClientsAreAllInAfterTheServerWasOverloaded(String transports) {
        AtomicInteger refusals = new AtomicInteger();
        RunningServer server = new RunningServer(io -> io.namespace("/").use(_ -> {
            if (refusals.incrementAndGet() <= 100) {
                throw new TuttiException(ErrorCode.OVERLOADED, "too much to do", Duration.ofMillis(100));
            }
        }));
        running = server;
        List<OfficialSocket> clients =
                Stream.generate(() -> client(server, transports)).limit(CLIENTS).toList();
        AtomicInteger finals = new AtomicInteger();
        clients.forEach(client -> client.on(Socket.EVENT_CONNECT_ERROR, why -> {
            if (why.isObject()) { // and not the error of a transport, after which it tries again
                finals.incrementAndGet();
            }
        }));
        try {
            clients.forEach(OfficialSocket::open);

            await().atMost(Duration.ofSeconds(60)).until(() -> clients.stream().allMatch(OfficialSocket::connected));
            assertThat(refusals).hasValueGreaterThanOrEqualTo(150);
            assertThat(finals).as("told that it is final").hasValue(0);
        } finally {
            clients.forEach(OfficialSocket::close);
        }
    }

    private static OfficialSocket client(RunningServer server, String transports) {
        return OfficialSocket.at(server.uri("/"))
                .transports(transports.split(","))
                .returning()
                .build();
    }

    /** Before that the official clients would not notice, and wait for a ping that does not come. */
    @Test
    void whoIsRefusedInTheMiddleOfAnUpgradeIsCutWhenItHasUpgraded() throws Exception {
        RunningServer server = new RunningServer(io -> io.namespace("/").use(_ -> {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is leaving");
        }));
        running = server;
        try (RawSocket webSocket = new RawSocket(server);
                EngineClient raw = new EngineClient(server)) {
            String session = raw.open();
            webSocket.upgrade(session.replace("polling", "websocket"));
            webSocket.text("2probe");
            assertThat(webSocket.frame()).isEqualTo("3probe");
            raw.post(session, "40");
            await().until(() -> raw.get(session).statusCode() == 400);

            webSocket.text("5");
            assertThat(webSocket.rest())
                    .as("neither a packet nor a close frame")
                    .isEmpty();
        }
    }

    @Test
    void aFailureThatPassesBreaksTheTransportAsANetworkWould() throws Exception {
        RunningServer server = new RunningServer(io -> io.namespace("/").use(_ -> {
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is leaving");
        }));
        running = server;
        try (RawSocket webSocket = new RawSocket(server);
                EngineClient raw = new EngineClient(server)) {
            webSocket.upgrade(OPEN);
            webSocket.frame();
            webSocket.text("40");
            assertThat(webSocket.rest())
                    .as("neither an answer nor a close frame")
                    .isEmpty();

            String session = raw.open();
            raw.post(session, "40");
            assertThat(raw.get(session).body()).matches("1|.*Session ID unknown.*");
        }
    }

    @Test
    void aClientWhoseHandlersCouldNotBeAddedIsDisconnectedToComeBack() {
        AtomicInteger failures = new AtomicInteger(2);
        RunningServer server = new RunningServer(io -> {
            io.namespace("/").onConnection(_ -> {
                if (failures.getAndDecrement() > 0) {
                    throw new TuttiException(ErrorCode.UNAVAILABLE, "the database is away");
                }
            });
            io.namespace("/").onConnection(socket -> socket.on("who", message -> message.reply(socket.id())));
        });
        running = server;
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        try (OfficialSocket client = client(server, "websocket")) {
            client.on(Socket.EVENT_CONNECT, _ -> {
                var _ = client.emitWithAck("who").thenAccept(answer -> answers.add(answer.asString()));
            });
            client.open();

            await().atMost(Duration.ofSeconds(60)).until(() -> !answers.isEmpty());
            assertThat(answers).containsExactly(client.library().id());
        }
    }

    @Test
    void aSecondConnectIsAnsweredAndTheOtherNamespacesStay() {
        BlockingQueue<DisconnectReason> ends = new LinkedBlockingQueue<>();
        RunningServer server = new RunningServer(io -> {
            io.namespace("/")
                    .onConnection(
                            socket -> socket.onDisconnect(ends::add).on("who", message -> message.reply(socket.id())));
            io.namespace("/other").onConnection(socket -> socket.on("who", message -> message.reply("other")));
        });
        running = server;
        try (EngineClient raw = new EngineClient(server)) {
            EngineClient.Frames socket = raw.webSocket(OPEN);
            socket.next();
            socket.send("40/other,");
            assertThat(socket.next()).startsWith("40/other,{\"sid\"");
            socket.send("40");
            String first = socket.next();
            socket.send("40");
            socket.send("421[\"who\"]"); // as if the first answer had been for the second
            String second = socket.next();

            assertThat(second).startsWith("40{\"sid\"").isNotEqualTo(first);
            String id = second.replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
            assertThat(socket.next()).isEqualTo("431[\"" + id + "\"]");
            socket.send("42/other,2[\"who\"]");
            assertThat(socket.next()).isEqualTo("43/other,2[\"other\"]");
            await().untilAsserted(() -> assertThat(ends).containsExactly(DisconnectReason.CLIENT));
            assertThat(server.namespace().sockets()).hasSize(1);
        }
    }

    @Test
    void connectDisconnectConnectBeforeTheFirstIsAnsweredIsAnsweredOnce() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        Set<String> checked = ConcurrentHashMap.newKeySet();
        RunningServer server = new RunningServer(io -> io.namespace("/").use(socket -> {
            checked.add(socket.id());
            try {
                answer.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        running = server;
        try (RawSocket socket = new RawSocket(server)) {
            socket.upgrade(OPEN);
            socket.frame();
            for (int i = 0; i < 10; i++) {
                socket.text("40");
                socket.text("41");
            }
            socket.text("40");
            socket.write(RawSocket.frame(0x89, "all came".getBytes(StandardCharsets.UTF_8)));
            assertThat(socket.frame()).isEqualTo("all came");
            await().until(() -> checked.size() == 1);
            answer.countDown();

            assertThat(socket.frame()).startsWith("40{\"sid\"");
            socket.text("42[\"x\"]");
            socket.text("41");
            await().until(() -> server.namespace().sockets().isEmpty());
            assertThat(checked).as("those that had left were not looked at").hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void messagesBehindASecondConnectThatIsRefusedAreNotHandled() {
        AtomicBoolean shut = new AtomicBoolean();
        BlockingQueue<String> handled = new LinkedBlockingQueue<>();
        RunningServer server = new RunningServer(io -> io.namespace("/")
                .use(_ -> {
                    if (shut.getAndSet(true)) {
                        throw new TuttiException(ErrorCode.FORBIDDEN, "not again");
                    }
                })
                .onConnection(socket -> socket.on("secret", message -> handled.add(message.event()))));
        running = server;
        try (EngineClient raw = new EngineClient(server)) {
            EngineClient.Frames socket = raw.connectedWebSocket();
            socket.send("40");
            socket.send("42[\"secret\"]");
            assertThat(socket.next()).startsWith("44{\"message\":\"not again\"");
            socket.send("42[\"secret\"]");
            socket.send("40/nowhere,");
            assertThat(socket.next()).isEqualTo("44/nowhere,{\"message\":\"Invalid namespace\"}");
            assertThat(handled).isEmpty();
        }
    }

    @Test
    void oneNamespaceTooManyIsRefusedAndTheOthersStay() {
        RunningServer server = new RunningServer(io -> {
            for (int i = 0; i <= 64; i++) {
                io.namespace("/" + i).onConnection(socket -> socket.on("n", message -> message.reply(1)));
            }
        });
        running = server;
        try (EngineClient raw = new EngineClient(server)) {
            EngineClient.Frames socket = raw.webSocket(OPEN);
            socket.next();
            for (int i = 0; i < 64; i++) {
                socket.send("40/" + i + ",");
                assertThat(socket.next()).startsWith("40/" + i + ",{");
            }
            socket.send("40/64,");
            assertThat(socket.next()).startsWith("44/64,{").contains("limit_reached");
            socket.send("42/0,1[\"n\"]");
            assertThat(socket.next()).isEqualTo("43/0,1[1]");
        }
    }
}
