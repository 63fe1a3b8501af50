package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.FlowMetrics;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no proper client sends, and the close that answers it; the server is as well afterwards as before. */
class HostilePacketsTest {
    private static final int MAX = 64 * 1024;
    private static final RunningServer SERVER = new RunningServer(
            EdgeSettings.DEFAULT.withSizes(new EdgeSettings.Sizes(8192, 16384, MAX)),
            SocketIoSettings.DEFAULT,
            io -> io.namespace("/")
                    .onConnection(socket -> socket.on(
                            "echo", message -> message.reply(message.arguments().toArray()))));
    private static final EngineClient CLIENT = new EngineClient(SERVER);

    @AfterAll
    static void stop() {
        CLIENT.close();
        SERVER.close();
    }

    @AfterEach
    void theServerIsAsWellAsBefore() {
        CLIENT.abandon();
        EngineClient.Frames socket = CLIENT.connectedWebSocket();
        socket.send("421[\"echo\",\"well\"]");
        assertThat(socket.next()).isEqualTo("431[\"well\"]");
        socket.send("1");
        assertThat(socket.next()).isEqualTo("close 1000");
        await().until(() ->
                SERVER.edge.connections() == 0 && SERVER.namespace().sockets().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "7",
                "x",
                "0",
                "2",
                "2x",
                "5",
                "5x",
                "6",
                "1x",
                "4",
                "4x",
                "47",
                "4abc",
                "40[]",
                "40\"x\"",
                "402[]",
                "42",
                "42{}",
                "42[",
                "42[]",
                "42[\"a\"",
                "42[null]",
                "42[\"a\"]]",
                "42[\"connect\"]",
                "42[\"connect_error\"]",
                "42[\"disconnect\"]",
                "42[\"newListener\"]",
                "42/nowhere,[\"a\"]",
                "4212345678901234567890[\"a\"]",
                "42\"a\"",
                "42 [\"a\"]",
                "42[\"a\",nul]",
                "42[\"a\",\"\\u12\"]",
                "43[]",
                "430",
                "43x[]",
                "43/nowhere,0[]",
                "44{\"message\":\"x\"}",
                "45[]",
                "451[]",
                "451-",
                "451-{}",
                "4512345-[\"a\"]",
                "45-1-[\"a\"]",
                "450-[\"a\",{\"_placeholder\":true,\"num\":0}]",
                "461-[]",
                "49",
                "41x"
            })
    void aPacketThatIsNoneEndsTheConnection(String packet) {
        EngineClient.Frames socket = CLIENT.connectedWebSocket();

        socket.send(packet);

        assertThat(socket.next()).isEqualTo("close 1002");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "451-[\"a\",{\"_placeholder\":true,\"num\":1}]",
                "451-[\"a\",{\"_placeholder\":true,\"num\":-1}]",
                "451-[\"a\",{\"_placeholder\":true,\"num\":\"0\"}]",
                "451-[\"a\",{\"_placeholder\":true}]",
                "451-[{\"_placeholder\":true,\"num\":0}]",
                "451-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]"
            })
    void aPlaceholderWithoutAttachmentEndsTheConnection(String packet) {
        EngineClient.Frames socket = CLIENT.connectedWebSocket();

        socket.send(packet);
        socket.sendIfOpen(new byte[] {1});

        assertThat(socket.next()).isEqualTo("close 1002");
    }

    @Test
    void attachmentsThatNobodyAnnouncedEndTheConnection() {
        EngineClient.Frames socket = CLIENT.connectedWebSocket();
        socket.send(new byte[] {1});
        assertThat(socket.next()).isEqualTo("close 1002");

        EngineClient.Frames lacking = CLIENT.connectedWebSocket();
        lacking.send("452-[\"a\",{\"_placeholder\":true,\"num\":0}]");
        lacking.send(new byte[] {1});
        lacking.send("42[\"a\"]");
        assertThat(lacking.next()).isEqualTo("close 1002");
    }

    @Test
    void attachmentsThatAreTooManyOrTooLargeTogetherAreAnsweredAndTheConnectionStays() {
        EngineClient.Frames socket = CLIENT.connectedWebSocket();
        socket.send("453-7[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        socket.send(new byte[MAX / 2]);
        socket.send(new byte[MAX / 2]);
        socket.send(new byte[1]);
        assertThat(socket.next()).startsWith("437[{\"error\":{\"code\":\"bad_request\"");

        socket.send("4511-8[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        for (int i = 0; i < 11; i++) {
            socket.send(new byte[1]);
        }
        assertThat(socket.next())
                .startsWith("438[{\"error\":{\"code\":\"bad_request\"")
                .contains("allowed are 10");

        socket.send("451-9[\"echo\",{\"_placeholder\":true,\"num\":0}]");
        socket.send(new byte[] {5});
        assertThat(socket.next()).isEqualTo("461-9[{\"_placeholder\":true,\"num\":0}]");
        assertThat(socket.next()).isEqualTo("x05");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"depth", "name", "number"})
    void jsonBeyondTheBoundsIsAnsweredAndTheConnectionStays(String which) {
        String beyond = switch (which) {
            case "depth" -> "[".repeat(10_000) + "]".repeat(10_000);
            case "name" -> "{\"" + "n".repeat(5_000) + "\":1}";
            default -> "1".repeat(500);
        };
        EngineClient.Frames socket = CLIENT.connectedWebSocket();
        socket.send("427[\"echo\"," + beyond + "]");
        assertThat(socket.next())
                .startsWith("437[{\"error\":{\"code\":\"bad_request\"")
                .contains("depth of 128");
        socket.send("42[\"echo\"," + beyond + "]");
        socket.send("428[\"echo\",\"well\"]");
        assertThat(socket.next()).isEqualTo("438[\"well\"]");
    }

    @Test
    void realisticJsonIsTaken() {
        EngineClient.Frames socket = CLIENT.connectedWebSocket();
        for (String json : List.of(
                "{\"a\":[".repeat(60) + "1" + "]}".repeat(60),
                "{\"https://example.com/" + "x".repeat(3_000) + "\":1}",
                "[" + "1,".repeat(20_000) + "1]",
                "\"😀\"")) {
            socket.send("427[\"echo\"," + json + "]");
            assertThat(socket.next()).isEqualTo("437[" + json + "]");
        }
        socket.send("427[\"echo\",{\"\\ud83d\":\"\\ude00\"},1e999]");
        assertThat(socket.next()).isEqualTo("437[{\"\ufffd\":\"\ufffd\"},null]");
    }

    @Test
    void aConnectWhosePayloadIsOutOfBoundsIsRefusedAndTheConnectionStays() {
        EngineClient.Frames socket = CLIENT.webSocket("EIO=4&transport=websocket");
        socket.next();
        socket.send("40{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}");
        assertThat(socket.next())
                .startsWith("44{\"message\":\"JSON is out of bounds")
                .contains("\"code\":\"bad_request\"");
        socket.send("40{}");
        assertThat(socket.next()).startsWith("40{\"sid\"");
    }

    @Test
    void aFloodOfConnectsIsHeldAtTheMessageRate() {
        EngineClient.Frames socket = CLIENT.connectedWebSocket();
        double before = refused("rate_limited");
        for (int i = 0; i < 1_000; i++) {
            socket.send("40");
        }
        await().until(() -> refused("rate_limited") > before);
    }

    private static double refused(String code) {
        return SERVER.tutti.meters().find(FlowMetrics.REFUSALS).tag(FlowMetrics.CODE, code).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void aFirstPacketThatIsNoConnectEndsTheConnection() {
        for (String first : List.of("42[\"a\"]", "41", "430[]", "4abc")) {
            EngineClient.Frames socket = CLIENT.webSocket("EIO=4&transport=websocket");
            socket.next();
            socket.send(first);
            assertThat(socket.next()).as(first).isEqualTo("close 1002");
        }
    }

    @Test
    void aMessageThatIsTooLargeEndsTheConnection() {
        EngineClient.Frames socket = CLIENT.connectedWebSocket();
        socket.send("42[\"" + "a".repeat(MAX) + "\"]");

        assertThat(socket.next()).isEqualTo("close 1009");
    }

    @Test
    void framesThatAreNoneEndTheConnection() throws IOException {
        byte[][] frames = {
            RawSocket.frame(0x83, new byte[0]), // reserved opcode
            RawSocket.frame(0xC1, "40".getBytes(StandardCharsets.US_ASCII)), // reserved bit
            RawSocket.frame(0x80, new byte[1]), // continuation of nothing
            RawSocket.frame(0x09, new byte[0]), // fragmented ping
            RawSocket.frame(0x89, new byte[126]), // long ping
            {(byte) 0x81, 2, '4', '1'}, // not masked
        };
        for (byte[] frame : frames) {
            try (RawSocket socket = RawSocket.connected(SERVER)) {
                socket.write(frame);
                assertThat(socket.frame()).as(Arrays.toString(frame)).isEqualTo("close 1002");
            }
        }
    }

    @Test
    void aMessageInManyFragmentsIsOneMessageAndBoundedAsOne() throws IOException {
        try (RawSocket socket = RawSocket.connected(SERVER)) {
            byte[] message = "421[\"echo\",\"€uro\"]".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < message.length; i++) {
                int head = (i == 0 ? 0x01 : 0x00) | (i == message.length - 1 ? 0x80 : 0x00);
                socket.write(RawSocket.frame(head, new byte[] {message[i]}));
            }
            assertThat(socket.frame()).isEqualTo("431[\"€uro\"]");

            socket.write(RawSocket.frame(0x01, new byte[MAX / 2]));
            socket.write(RawSocket.frame(0x00, new byte[MAX / 2 + 1]));
            assertThat(socket.frame()).isEqualTo("close 1009");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "x",
                "4",
                "7",
                "\u001e",
                "40\u001e",
                "\u001e40",
                "42[\"a\"]\u001ex",
                "b!",
                "b====",
                "bAQ",
                "2"
            })
    void aBodyThatIsNoPayloadEndsTheSession(String body) throws Exception {
        String session = CLIENT.connect();

        HttpResponse<String> answer = CLIENT.post(session, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(CLIENT.get(session).statusCode()).isEqualTo(400);
    }

    @Test
    void aBodyThatIsTooLargeEndsTheSession() throws Exception {
        String session = CLIENT.connect();

        HttpResponse<String> answer = CLIENT.post(session, "4".repeat(MAX + 1));

        assertThat(answer.statusCode()).isEqualTo(413);
        await().untilAsserted(
                        () -> assertThat(CLIENT.post(session, "3").statusCode()).isEqualTo(400));
    }

    @Test
    void aConnectionThatBreaksOffInTheMiddleLeavesNothing() throws IOException {
        try (RawSocket socket = new RawSocket(SERVER)) {
            socket.write("GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        try (RawSocket socket = RawSocket.connected(SERVER)) {
            socket.write(new byte[] {(byte) 0x81, (byte) 0xfe, 0x10});
        }
    }

    @Test
    void randomBytesInFramesEndNothingButTheirConnection() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            try (RawSocket socket = RawSocket.connected(SERVER)) {
                byte[] noise = new byte[1 + random.nextInt(200)];
                random.nextBytes(noise);
                socket.write(random.nextBoolean() ? noise : RawSocket.frame(0x81 + random.nextInt(2), noise));
            }
        }
    }
}
