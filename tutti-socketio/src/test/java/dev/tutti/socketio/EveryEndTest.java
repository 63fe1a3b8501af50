package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whichever way a connection ends, but by the client's packet {@code 41}, its client comes back as who it was. */
class EveryEndTest {
    private static final BlockingQueue<Socket> SOCKETS = new LinkedBlockingQueue<>();
    private static final SocketCluster CLUSTER =
            cluster(EdgeSettings.DEFAULT.times().ping(), Duration.ofSeconds(20));
    private static final EngineClient HTTP = new EngineClient(CLUSTER.at(0));

    private final Returning client = new Returning();

    private static SocketCluster cluster(Duration pingInterval, Duration pingTimeout) {
        return new SocketCluster(
                2,
                EdgeSettings.DEFAULT
                        .withTimes(EdgeSettings.Times.DEFAULT.withPing(pingInterval))
                        .withSizes(new EdgeSettings.Sizes(8_192, 16_384, 10_000)),
                SocketIoSettings.DEFAULT.withPingTimeout(pingTimeout),
                io -> io.namespace("/")
                        .recoverable()
                        .use(socket -> socket.authenticated(new Principal("ann", "session", Instant.MAX)))
                        .onConnection(SOCKETS::add));
    }

    /** How a connection is ended. */
    interface End {
        void of(RawSocket socket) throws IOException;
    }

    /** How a polling session is ended. */
    interface PollingEnd {
        void of(String session) throws Exception;
    }

    @AfterEach
    void closeClient() throws IOException {
        client.close();
        SOCKETS.clear();
    }

    @AfterAll
    static void close() {
        HTTP.close();
        CLUSTER.close();
    }

    private static byte[] text(String text) {
        return RawSocket.frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                end("the TCP connection breaks", RawSocket::close),
                end("close frame 1000", socket -> socket.write(RawSocket.frame(0x88, new byte[] {3, (byte) 0xE8}))),
                end("close frame 1001", socket -> socket.write(RawSocket.frame(0x88, new byte[] {3, (byte) 0xE9}))),
                end("a close frame without a code", socket -> socket.write(RawSocket.frame(0x88, new byte[0]))),
                end("Engine.IO's close packet", socket -> socket.write(text("1"))),
                end("the close packet and a close frame", socket -> {
                    socket.write(text("1"));
                    socket.write(RawSocket.frame(0x88, new byte[0]));
                }),
                end("a frame that is none", socket -> socket.write(RawSocket.frame(0x83, new byte[0]))),
                end("a text that is none", socket -> socket.write(RawSocket.frame(0x81, new byte[] {(byte) 0xFF}))),
                end("a message too large", socket -> socket.write(text("42[\"" + "x".repeat(10_000) + "\"]"))),
                end("an Engine.IO packet that is none", socket -> socket.write(text("9"))),
                end("a Socket.IO packet that is none", socket -> socket.write(text("49"))));
    }

    private static Arguments end(String name, End end) {
        return Arguments.of(name, end);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void ofAWebSocketLeavesAClientThatComesBack(String name, End end) throws Exception {
        client.connect(CLUSTER.at(0));
        Socket first = taken();
        CompletableFuture<DisconnectReason> ended = end(first);
        first.join("lobby");
        String sid = client.sid();

        end.of(client.raw());

        assertThat(ended.get(20, TimeUnit.SECONDS)).as(name).isNotEqualTo(DisconnectReason.CLIENT);
        CLUSTER.namespace(1).to("lobby").emit("news", 1);
        client.connect(CLUSTER.at(1));
        assertThat(client.sid()).as(name).isEqualTo(sid);
        assertThat(taken().recovered()).isTrue();
        assertThat(client.next()).containsExactly("news", 1);
    }

    static Stream<Arguments> pollingEnds() {
        return Stream.of(
                pollingEnd("Engine.IO's close packet", session -> HTTP.post(session, "1")),
                pollingEnd("a payload that is none", session -> HTTP.post(session, "abc")),
                pollingEnd("a payload too large", session -> HTTP.post(session, "x".repeat(10_001))),
                pollingEnd("polls that overlap", session -> {
                    var _ = HTTP.getLater(session);
                    var _ = HTTP.getLater(session);
                }));
    }

    private static Arguments pollingEnd(String name, PollingEnd end) {
        return Arguments.of(name, end);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pollingEnds")
    void ofPollingLeavesAClientThatComesBack(String name, PollingEnd end) throws Exception {
        String session = HTTP.open();
        HTTP.post(session, "40");
        String answer = HTTP.get(session).body();
        while (!answer.contains("\"pid\"")) {
            answer = HTTP.get(session).body(); // a ping came first
        }
        String sid = answer.replaceAll("(?s).*\"sid\":\"([^\"]+)\".*", "$1");
        client.know(answer.replaceAll("(?s).*\"pid\":\"([^\"]+)\".*", "$1"));
        CompletableFuture<DisconnectReason> ended = end(taken());

        end.of(session);

        assertThat(ended.get(20, TimeUnit.SECONDS)).as(name).isNotEqualTo(DisconnectReason.CLIENT);
        client.connect(CLUSTER.at(1));
        assertThat(client.sid()).as(name).isEqualTo(sid);
        assertThat(taken().recovered()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goodbyes")
    void ofASocketIsAGoodbye(String name, End end) throws Exception {
        client.connect(CLUSTER.at(0));
        CompletableFuture<DisconnectReason> ended = end(taken());
        String sid = client.sid();

        end.of(client.raw());

        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.CLIENT);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(
                        () -> { // it is forgotten soon, not at once: whoever came back before that ends it again
                            client.connect(CLUSTER.at(1));
                            CompletableFuture<DisconnectReason> again = end(taken());
                            if (client.sid().equals(sid)) {
                                end.of(client.raw());
                                again.get(20, TimeUnit.SECONDS);
                            }
                            assertThat(client.sid()).as(name).isNotEqualTo(sid);
                        });
    }

    static Stream<Arguments> goodbyes() {
        return Stream.of(
                end("a DISCONNECT packet", socket -> socket.write(text("41"))),
                end("a DISCONNECT packet and the close packet", socket -> {
                    socket.write(text("41"));
                    socket.write(text("1"));
                }));
    }

    @Tag("slow")
    @Test
    void byAPingTimeoutLeavesAClientThatComesBack() throws Exception {
        try (SocketCluster fast = cluster(Duration.ofSeconds(1), Duration.ofSeconds(3))) {
            client.connect(fast.at(0));
            Socket first = taken();
            CompletableFuture<DisconnectReason> ended = end(first);
            first.join("lobby");
            String sid = client.sid();

            assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.PING_TIMEOUT);
            fast.namespace(1).to("lobby").emit("news", 1);
            client.connect(fast.at(1));
            assertThat(client.sid()).isEqualTo(sid);
            assertThat(taken().recovered()).isTrue();
            assertThat(client.next()).containsExactly("news", 1);
        }
    }

    private static CompletableFuture<DisconnectReason> end(Socket socket) {
        CompletableFuture<DisconnectReason> ended = new CompletableFuture<>();
        socket.onDisconnect(ended::complete);
        return ended;
    }

    private static Socket taken() throws InterruptedException {
        @Nullable Socket socket = SOCKETS.poll(20, TimeUnit.SECONDS);
        if (socket == null) {
            throw new AssertionError("nobody connected");
        }
        return socket;
    }
}
