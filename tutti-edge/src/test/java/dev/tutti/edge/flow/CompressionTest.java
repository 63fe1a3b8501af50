package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.testkit.client.RawConnection;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The extension permessage-deflate over real connections: what is compressed, and what is no compressed message. */
class CompressionTest {
    private static final TestEdge EDGE = new TestEdge(
            settings -> settings.withCompression(true)
                    .withTimes(EdgeSettings.Times.DEFAULT.withPing(Duration.ofMinutes(10))),
            builder -> builder.endpoint(EchoEndpoint::new));
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";
    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int PING = 0x9;
    private static final int RSV1 = 0x40;
    private static final int FIN = 0x80;
    private static final String LARGE = "a message that repeats itself κόσμε; ".repeat(200);
    private static final int MOST = EdgeSettings.DEFAULT.sizes().message();

    @AfterAll
    static void close() {
        EDGE.close();
    }

    private static RawConnection open(String path, String headers) {
        RawConnection client = new RawConnection(EDGE.port());
        client.send(RawConnection.handshake(path, OFFER + headers));
        assertThat(client.head())
                .startsWith("HTTP/1.1 101")
                .containsIgnoringCase("sec-websocket-extensions: permessage-deflate; client_no_context_takeover\r\n");
        return client;
    }

    private static byte[] frame(int first, byte[] payload) {
        return RawConnection.frame(first, payload, true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code plain} as a payload of a compressed message (RFC 7692, section 7.2.1). */
    private static byte[] deflated(byte[] plain) {
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(plain);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            for (int bytes = part.length; bytes == part.length; ) {
                bytes = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
                out.write(part, 0, bytes);
            }
            return Arrays.copyOf(out.toByteArray(), out.size() - 4);
        }
    }

    private static String inflated(byte[] payload) throws DataFormatException {
        try (Inflater inflater = new Inflater(true)) {
            byte[] whole = Arrays.copyOf(payload, payload.length + 4);
            whole[payload.length + 2] = (byte) 0xFF;
            whole[payload.length + 3] = (byte) 0xFF;
            inflater.setInput(whole);
            byte[] plain = new byte[1 << 20];
            return new String(plain, 0, inflater.inflate(plain), StandardCharsets.UTF_8);
        }
    }

    @Test
    void nothingIsAgreedOnUnlessItIsSwitchedOn() {
        try (TestEdge plain = new TestEdge();
                RawConnection client = new RawConnection(plain.port())) {
            client.send(RawConnection.handshake("/ws", OFFER));
            assertThat(client.head()).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
            client.frame();
            client.send(frame(FIN | RSV1 | TEXT, deflated(utf8("{}"))));
            assertThat(client.frame().text()).isEqualTo("close 1002");
        }
    }

    @Test
    void nothingIsAgreedOnWithClientsThatDoNotOfferIt() {
        try (RawConnection client = new RawConnection(EDGE.port())) {
            client.send(RawConnection.handshake("/echo", ""));
            assertThat(client.head()).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
            client.text(LARGE);
            assertThat(client.wireFrame().first()).isEqualTo(FIN | TEXT);
            client.send(frame(FIN | RSV1 | TEXT, deflated(utf8(LARGE))));
            assertThat(client.frame().text()).isEqualTo("close 1002");
        }
    }

    @Test
    void messagesAreCompressedBothWays() throws DataFormatException {
        try (RawConnection client = open("/echo", "")) {
            for (int opcode : new int[] {TEXT, BINARY}) {
                byte[] sent = deflated(utf8(LARGE));
                client.send(frame(FIN | RSV1 | opcode, sent));
                RawConnection.WireFrame echo = client.wireFrame();
                assertThat(echo.first()).isEqualTo(FIN | RSV1 | opcode);
                assertThat(echo.payload()).hasSizeLessThan(LARGE.length() / 10);
                assertThat(inflated(echo.payload())).isEqualTo(LARGE);
            }
        }
    }

    @Test
    void aCompressedMessageMayComeInPieces() throws DataFormatException {
        try (RawConnection client = open("/echo", "")) {
            byte[] sent = deflated(utf8(LARGE));
            client.send(frame(RSV1 | TEXT, Arrays.copyOf(sent, 10)))
                    .send(frame(FIN | PING, utf8("p")))
                    .send(frame(CONTINUATION, new byte[0]))
                    .send(frame(FIN | CONTINUATION, Arrays.copyOfRange(sent, 10, sent.length)));
            assertThat(client.frame()).isEqualTo(new RawConnection.Frame(0xA, "p"));
            assertThat(inflated(client.wireFrame().payload())).isEqualTo(LARGE);
        }
    }

    @Test
    void smallMessagesAndThoseThatDoNotGetSmallerGoAsTheyAre() {
        try (RawConnection client = open("/echo", "")) {
            client.send(frame(FIN | RSV1 | TEXT, deflated(utf8("x".repeat(1_023)))));
            assertThat(client.wireFrame().first()).isEqualTo(FIN | TEXT);
            byte[] random = new byte[5_000];
            new Random(7).nextBytes(random);
            client.send(frame(FIN | BINARY, random));
            RawConnection.WireFrame echo = client.wireFrame();
            assertThat(echo.first()).isEqualTo(FIN | BINARY);
            assertThat(echo.payload()).isEqualTo(random);
            client.send(frame(FIN | RSV1 | TEXT, deflated(new byte[0])));
            assertThat(client.frame()).isEqualTo(new RawConnection.Frame(TEXT, ""));
        }
    }

    @Test
    void aMessageMayEndWithAFinalBlock() throws DataFormatException {
        byte[] plain = utf8(LARGE);
        byte[] out = new byte[8192];
        int bytes;
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(plain);
            deflater.finish();
            bytes = deflater.deflate(out);
        }
        try (RawConnection client = open("/echo", "")) {
            client.send(frame(FIN | RSV1 | TEXT, Arrays.copyOf(out, bytes + 1))); // section 7.2.3.4
            assertThat(inflated(client.wireFrame().payload())).isEqualTo(LARGE);
            client.send(frame(FIN | RSV1 | TEXT, Arrays.copyOf(out, bytes)));
            assertThat(inflated(client.wireFrame().payload())).isEqualTo(LARGE);
        }
    }

    static Stream<Arguments> hostile() {
        byte[] good = deflated(utf8(LARGE));
        byte[] bomb = deflated(new byte[64 << 20]);
        byte[] justTooMuch = deflated(utf8("x".repeat(MOST + 1)));
        return Stream.of(
                Arguments.of("no deflate", "close 1007", join(frame(FIN | RSV1 | TEXT, utf8("hello")))),
                Arguments.of("a reference to what was before", "close 1007", join(frame(FIN | RSV1 | TEXT, new byte[] {
                    (byte) 0xF2, 0x00, 0x11, 0x00, 0x00
                }))),
                Arguments.of("no text", "close 1007", join(frame(FIN | RSV1 | TEXT, deflated(new byte[] {-1, -2})))),
                Arguments.of("RSV1 of a ping", "close 1002", join(frame(FIN | RSV1 | PING, new byte[0]))),
                Arguments.of("RSV1 of a close", "close 1002", join(frame(FIN | RSV1 | 0x8, new byte[0]))),
                Arguments.of(
                        "RSV1 of a continuation",
                        "close 1002",
                        join(frame(RSV1 | TEXT, good), frame(FIN | RSV1 | CONTINUATION, new byte[0]))),
                Arguments.of("RSV2", "close 1002", join(frame(FIN | 0x20 | TEXT, good))),
                Arguments.of("RSV1 and RSV3", "close 1002", join(frame(FIN | 0x50 | TEXT, good))),
                Arguments.of("a byte too much", "close 1009", join(frame(FIN | RSV1 | TEXT, justTooMuch))),
                Arguments.of("a bomb", "close 1009", join(frame(FIN | RSV1 | BINARY, bomb))),
                Arguments.of(
                        "a bomb in pieces",
                        "close 1009",
                        join(
                                frame(RSV1 | TEXT, Arrays.copyOf(bomb, 1_000)),
                                frame(FIN, Arrays.copyOfRange(bomb, 1_000, bomb.length)))),
                Arguments.of(
                        "too much in pieces that are not inflated",
                        "close 1009",
                        join(frame(RSV1 | TEXT, new byte[MOST / 2 + 1]), frame(0, new byte[MOST / 2 + 1]))));
    }

    private static byte[] join(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostile")
    void whatIsNoCompressedMessageEndsTheConnection(String what, String answer, byte[] sent) {
        try (RawConnection client = open("/echo", "")) {
            client.trySend(sent);
            assertThat(client.frame().text()).as(what).isEqualTo(answer);
            assertThat(client.frame().opcode()).isEqualTo(-1);
        }
    }

    @Test
    void aStrangerPaysForWhatItsMessagesInflateTo() {
        try (RawConnection client = open("/ws", "")) {
            assertThat(client.message()).contains("hello");
            byte[] message = deflated(utf8("{\"op\":\"ping\",\"id\":1" + " ".repeat(40_000) + "}"));
            assertThat(message).hasSizeLessThan(200);
            client.send(frame(FIN | RSV1 | TEXT, message));
            assertThat(client.message()).contains("pong");
            client.trySend(frame(FIN | RSV1 | TEXT, message));
            assertThat(client.message()).isEqualTo("close 1009");
        }
    }

    @Test
    void anotherImplementationsClientUnderstandsAndIsUnderstood() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        Vertx vertx = Vertx.vertx();
        WebSocketClient sockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setTryUsePerMessageCompression(true)
                .setCompressionAllowClientNoContext(true)
                .setCompressionRequestServerNoContext(true));
        try {
            ClientWebSocket client = sockets.webSocket();
            client.textMessageHandler(received::add);
            client.connect(new WebSocketConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(EDGE.port())
                            .setURI("/ws")
                            .putHeader("Authorization", "Bearer ann"))
                    .await(20, TimeUnit.SECONDS);
            assertThat(client.headers().get("sec-websocket-extensions")).startsWith("permessage-deflate");
            assertThat(received.poll(20, TimeUnit.SECONDS)).contains("hello");
            for (int i = 1; i <= 3; i++) {
                client.writeTextMessage("{\"op\":\"publish\",\"stream\":\"room:deflate\",\"type\":\"t\",\"data\":\""
                                + LARGE + "\"}")
                        .await(20, TimeUnit.SECONDS);
                assertThat(received.poll(20, TimeUnit.SECONDS)).contains("\"seq\":" + i);
            }
            client.writeTextMessage("{\"op\":\"subscribe\",\"stream\":\"room:deflate\",\"after\":0}")
                    .await(20, TimeUnit.SECONDS);
            assertThat(received.poll(20, TimeUnit.SECONDS)).contains("\"op\":\"ok\"");
            for (int i = 1; i <= 3; i++) {
                assertThat(received.poll(20, TimeUnit.SECONDS)).contains(LARGE, "\"seq\":" + i);
            }
        } finally {
            sockets.close()
                    .await(20, TimeUnit.SECONDS); // held until here: its connections are closed when it is collected
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatGoesToManyIsCompressedForAll() throws DataFormatException {
        try (RawConnection first = open("/ws", "Authorization: Bearer a\r\n");
                RawConnection second = open("/ws", "Authorization: Bearer b\r\n");
                RawConnection plain = RawConnection.webSocket(EDGE.port(), "c")) {
            for (RawConnection client : new RawConnection[] {first, second, plain}) {
                client.text("{\"op\":\"subscribe\",\"stream\":\"room:many\",\"after\":0}");
            }
            first.frame();
            second.frame();
            for (RawConnection client : new RawConnection[] {first, second, plain}) {
                assertThat(client.message()).contains("ok");
            }
            for (int i = 1; i <= 20; i++) {
                EDGE.append("room:many", "t", "\"" + i + LARGE + "\"");
                for (RawConnection client : new RawConnection[] {first, second}) {
                    RawConnection.WireFrame event = client.wireFrame();
                    assertThat(event.first()).isEqualTo(FIN | RSV1 | TEXT);
                    assertThat(inflated(event.payload())).contains("\"seq\":" + i + ",", "\"" + i + LARGE + "\"");
                }
                assertThat(plain.message()).contains("\"seq\":" + i + ",", "\"" + i + LARGE + "\"");
            }
        }
    }

    @Tag("slow")
    @Test
    void whatWaitsForASlowReaderIsBoundedByWhatItIsCompressedTo() throws DataFormatException {
        int events = 3_000;
        Random random = new Random(7);
        try (TestEdge edge = new TestEdge(
                        settings -> settings.withCompression(true)
                                .withTimes(EdgeSettings.Times.DEFAULT.withPing(Duration.ofMinutes(10))),
                        builder -> builder);
                RawConnection slow = new RawConnection(edge.port(), 4_096)) {
            slow.send(RawConnection.handshake("/ws", OFFER + "Authorization: Bearer slow\r\n"))
                    .head();
            slow.text("{\"op\":\"subscribe\",\"stream\":\"room:big\",\"after\":0}");
            for (int i = 1; i <= events; i++) {
                byte[] data = new byte[4_000];
                random.nextBytes(data);
                edge.append("room:big", "t", "\"" + HexFormat.of().formatHex(data) + "\""); // half of it can be saved
            }
            double before = edge.meters.counter("tutti.bytes.out").count();
            assertThat(before).isLessThan(12 << 20); // of 24 MiB
            int seq = 0;
            while (seq < events) {
                RawConnection.WireFrame frame = slow.wireFrame();
                assertThat(frame.first()).isNotEqualTo(FIN | 0x8).isNotEqualTo(-1);
                if (frame.first() == (FIN | RSV1 | TEXT)) {
                    seq++;
                    assertThat(inflated(frame.payload())).contains("\"seq\":" + seq + ",");
                }
            }
            assertThat(edge.meters.counter("tutti.bytes.out").count()).isGreaterThan(before);
        }
    }
}
