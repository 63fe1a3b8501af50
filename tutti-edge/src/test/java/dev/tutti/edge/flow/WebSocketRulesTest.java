package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.TestEdge;
import dev.tutti.testkit.client.RawConnection;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of RFC 6455, frame by frame: what is answered, with which code a connection ends, and that it ends at once. */
class WebSocketRulesTest {
    private static final TestEdge EDGE =
            new TestEdge(settings -> settings, builder -> builder.endpoint(EchoEndpoint::new));
    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;
    private static final int FIN = 0x80;
    private static final String TOLD = "hello κόσμε";
    private static final String LONG_16 = "x".repeat(200);
    private static final String LONG_64 = "x".repeat(70_000);

    @AfterAll
    static void close() {
        EDGE.close();
    }

    /** What comes back up to the end of the connection, after {@code frames} and then a close frame with 1000. */
    record Rule(String name, List<String> answers, List<byte[]> frames) {}

    private static Rule rule(String name, String answers, byte[]... frames) {
        return new Rule(name, List.of(answers.split("\\|")), List.of(frames));
    }

    private static byte[] frame(int head, byte[] payload) {
        return RawConnection.frame(head, payload, true);
    }

    private static byte[] frame(int head, String payload) {
        return frame(head, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] closing(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return frame(
                FIN | CLOSE,
                ByteBuffer.allocate(2 + text.length)
                        .putShort((short) code)
                        .put(text)
                        .array());
    }

    static Stream<Rule> rules() {
        return Stream.of(framing(), fragments(), text(), closings()).flatMap(rules -> rules);
    }

    private static Stream<Rule> framing() {
        byte[] ask = TOLD.getBytes(StandardCharsets.UTF_8);
        return Stream.of(
                rule("a message", TOLD + "|close 1000|end", frame(FIN | TEXT, TOLD)),
                rule("a length of 16 bits", LONG_16 + "|close 1000|end", frame(FIN | TEXT, LONG_16)),
                rule("a length of 64 bits", LONG_64 + "|close 1000|end", frame(FIN | TEXT, LONG_64)),
                rule("a negative length", "close 1002|end", bytes(0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4)),
                rule(
                        "a length over the bound",
                        "close 1009|end",
                        bytes(0x81, 0xFF, 0, 0, 0, 0, 0, 0x20, 0, 0, 1, 2, 3, 4)),
                rule("no mask", "close 1002|end", RawConnection.frame(FIN | TEXT, ask, false)),
                rule("an empty ping", "pong |close 1000|end", frame(FIN | PING, "")),
                rule(
                        "a ping of 125 bytes",
                        "pong " + "p".repeat(125) + "|close 1000|end",
                        frame(FIN | PING, "p".repeat(125))),
                rule("a ping of 126 bytes", "close 1002|end", frame(FIN | PING, "p".repeat(126))),
                rule("a ping in pieces", "close 1002|end", frame(PING, "p"), frame(FIN | CONTINUATION, "p")),
                rule(
                        "a pong that nobody asked for",
                        TOLD + "|close 1000|end",
                        frame(FIN | PONG, "x"),
                        frame(FIN | TEXT, TOLD)),
                rule("ten pings", "pong p|".repeat(10) + "close 1000|end", repeated(10, frame(FIN | PING, "p"))),
                rule("bytes", "x|close 1000|end", frame(FIN | BINARY, "x")),
                rule("RSV1", "close 1002|end", frame(FIN | 0x40 | TEXT, TOLD)),
                rule("RSV2", "close 1002|end", frame(FIN | 0x20 | TEXT, TOLD)),
                rule("RSV3", "close 1002|end", frame(FIN | 0x10 | TEXT, TOLD)),
                rule("RSV of a ping", "close 1002|end", frame(FIN | 0x50 | PING, "")),
                rule(
                        "a violation behind a message",
                        TOLD + "|close 1002|end",
                        frame(FIN | TEXT, TOLD),
                        frame(FIN | 0x20 | TEXT, "")),
                rule(
                        "what comes behind a violation",
                        "close 1002|end",
                        frame(FIN | 0x20 | TEXT, ""),
                        frame(FIN | TEXT, TOLD)),
                rule("reserved opcode 3", "close 1002|end", frame(FIN | 0x3, "")),
                rule("reserved opcode 7", "close 1002|end", frame(FIN | 0x7, "x")),
                rule("reserved opcode 11", "close 1002|end", frame(FIN | 0xB, "")),
                rule("reserved opcode 15", "close 1002|end", frame(FIN | 0xF, "x")));
    }

    private static byte[][] repeated(int times, byte[] frame) {
        return IntStream.range(0, times).mapToObj(_ -> frame).toArray(byte[][]::new);
    }

    private static Stream<Rule> fragments() {
        String first = TOLD.substring(0, 8);
        String rest = TOLD.substring(8);
        return Stream.of(
                rule("two pieces", TOLD + "|close 1000|end", frame(TEXT, first), frame(FIN, rest)),
                rule("empty pieces", TOLD + "|close 1000|end", frame(TEXT, ""), frame(0, TOLD), frame(FIN, "")),
                rule(
                        "a ping between",
                        "pong p|" + TOLD + "|close 1000|end",
                        frame(TEXT, first),
                        frame(FIN | PING, "p"),
                        frame(FIN, rest)),
                rule("a continuation of nothing", "close 1002|end", frame(FIN, TOLD)),
                rule("an unfinished continuation of nothing", "close 1002|end", frame(0, TOLD)),
                rule(
                        "a continuation of what has ended",
                        TOLD + "|close 1002|end",
                        frame(FIN | TEXT, TOLD),
                        frame(0, "")),
                rule("a message within a message", "close 1002|end", frame(TEXT, first), frame(FIN | TEXT, rest)),
                rule("bytes within a message", "close 1002|end", frame(TEXT, first), frame(FIN | BINARY, rest)),
                rule(
                        "pieces over the bound",
                        "close 1009|end",
                        frame(TEXT, "x".repeat(600_000)),
                        frame(0, "x".repeat(600_000))));
    }

    private static Stream<Rule> text() {
        byte[] half = bytes('"', 0xCE, 0xBA, 0xE1);
        return Stream.of(
                rule(
                        "a character in pieces",
                        "κ|close 1000|end",
                        frame(TEXT, bytes(0xCE)),
                        frame(0, ""),
                        frame(FIN, bytes(0xBA))),
                rule("an empty text", "|close 1000|end", frame(FIN | TEXT, "")),
                rule("a surrogate", "close 1007|end", frame(FIN | TEXT, bytes(0xED, 0xA0, 0x80))),
                rule("an overlong slash", "close 1007|end", frame(FIN | TEXT, bytes(0xC0, 0xAF))),
                rule("beyond U+10FFFF", "close 1007|end", frame(FIN | TEXT, bytes(0xF4, 0x90, 0x80, 0x80))),
                rule("half a character at the end", "close 1007|end", frame(FIN | TEXT, half)),
                rule("half a character at the end of pieces", "close 1007|end", frame(TEXT, half), frame(FIN, "")),
                rule(
                        "the wrong half in the next piece",
                        "close 1007|end",
                        frame(TEXT, half),
                        frame(FIN, bytes('x', '"'))),
                rule("a wrong byte in a piece that is not the last", "close 1007|end", frame(TEXT, bytes('"', 0xFF))));
    }

    private static Stream<Rule> closings() {
        List<Rule> rules = new ArrayList<>(List.of(
                rule("a close without a code", "close 1000|end", frame(FIN | CLOSE, "")),
                rule("a close of one byte", "close 1002|end", frame(FIN | CLOSE, "x")),
                rule("a reason of 123 bytes", "close 1000|end", closing(1000, "r".repeat(123))),
                rule("a reason of 124 bytes", "close 1002|end", closing(1000, "r".repeat(124))),
                rule(
                        "a reason that is not UTF-8",
                        "close 1007|end",
                        frame(FIN | CLOSE, bytes(3, 0xE8, 0xCE, 0xBA, 0xE1))),
                rule("a close in pieces", "close 1002|end", frame(CLOSE, bytes(3, 0xE8))),
                rule("two closes", "close 1001|end", closing(1001, ""), closing(1002, "")),
                rule("a message behind a close", "close 1000|end", closing(1000, ""), frame(FIN | TEXT, TOLD)),
                rule("a ping behind a close", "close 1000|end", closing(1000, ""), frame(FIN | PING, ""))));
        for (int code : new int[] {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999}) {
            rules.add(rule("code " + code, "close " + code + "|end", closing(code, "")));
        }
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535}) {
            rules.add(rule("no code " + code, "close 1002|end", closing(code, "")));
        }
        return rules.stream();
    }

    static Stream<Arguments> inOneWriteAndByteByByte() {
        return rules().flatMap(rule ->
                Stream.of(Arguments.of(rule.name(), rule, false), Arguments.of(rule.name(), rule, true)));
    }

    @ParameterizedTest(name = "{0}, byte by byte: {2}")
    @MethodSource("inOneWriteAndByteByByte")
    void isKept(String name, Rule rule, boolean bytewise) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (byte[] frame : rule.frames()) {
            sent.writeBytes(frame);
        }
        if (rule.answers().contains("close 1000")) {
            sent.writeBytes(closing(1000, ""));
        }
        try (RawConnection client = open()) {
            byte[] all = sent.toByteArray();
            if (bytewise && all.length < 1_000) {
                for (byte each : all) {
                    client.trySend(new byte[] {each});
                }
            } else {
                client.trySend(all);
            }
            for (String answer : rule.answers()) {
                assertThat(answered(client)).as(name).isEqualTo(answer);
            }
        }
    }

    @Test
    void aViolationEndsTheConnectionBeforeTheClientAnswers() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> { // once, because this machine may be busy
                            try (RawConnection client = open()) {
                                client.send(frame(FIN | 0x3, ""));
                                long sent = System.nanoTime();
                                assertThat(answered(client)).isEqualTo("close 1002");
                                assertThat(answered(client)).isEqualTo("end");
                                assertThat(Duration.ofNanos(System.nanoTime() - sent))
                                        .isLessThan(Duration.ofSeconds(4)); // a handshake has 5
                            }
                        });
    }

    private static RawConnection open() {
        RawConnection client = new RawConnection(EDGE.port());
        client.send(RawConnection.handshake("/echo", ""));
        assertThat(client.head()).startsWith("HTTP/1.1 101");
        return client;
    }

    private static String answered(RawConnection client) {
        RawConnection.Frame frame = client.frame();
        return switch (frame.opcode()) {
            case -1 -> "end";
            case PONG -> "pong " + frame.text();
            default -> frame.text();
        };
    }
}
