package dev.tutti.edge.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.edge.flow.TokenBucket;
import dev.tutti.testkit.client.RawConnection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Frames and messages that are not as they should be, and the answer they get. */
class HostileWebSocketTest {
    private static final TestEdge EDGE = new TestEdge();
    private static final int TEXT = 0x81;

    @AfterAll
    static void close() {
        EDGE.close();
    }

    @AfterEach
    void theServerIsAsWellAsBefore() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "well")) {
            client.text("{\"op\":\"ping\",\"id\":7}");
            assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":7}");
        }
    }

    private static byte[] frame(int first, String payload) {
        return RawConnection.frame(first, payload.getBytes(StandardCharsets.ISO_8859_1), true);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static Stream<Arguments> frames() {
        String ping = "{\"op\":\"ping\"}";
        return Stream.of(
                Arguments.of(
                        "not masked",
                        RawConnection.frame(TEXT, ping.getBytes(StandardCharsets.UTF_8), false),
                        "close 1002"),
                Arguments.of("an opcode that is not there", frame(0x83, ping), "close 1002"),
                Arguments.of("a control opcode that is not there", frame(0x8B, ""), "close 1002"),
                Arguments.of("reserved bits", frame(0xC1, ping), "close 1002"),
                Arguments.of("a fragmented ping", frame(0x09, ""), "close 1002"),
                Arguments.of("a long ping", frame(0x89, "x".repeat(126)), "close 1002"),
                Arguments.of("a continuation of nothing", frame(0x80, ping), "close 1002"),
                Arguments.of("a message within a message", join(frame(0x01, "{"), frame(TEXT, ping)), "close 1002"),
                Arguments.of("not UTF-8", frame(TEXT, "\u00ff"), "close 1007"),
                Arguments.of("half a character at the end", frame(TEXT, "\"\u00e2\u0082"), "close 1007"),
                Arguments.of("a surrogate", frame(TEXT, "\u00ed\u00a0\u0080"), "close 1007"),
                Arguments.of(
                        "a frame too large",
                        new byte[] {(byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, 0x20, 0, 0},
                        "close 1009"),
                Arguments.of(
                        "a negative length",
                        new byte[] {(byte) 0x81, (byte) 0xFF, (byte) 0xFF, 0, 0, 0, 0, 0, 0, 0},
                        "close 1002"),
                Arguments.of(
                        "a message too large in fragments",
                        join(
                                frame(0x01, "x".repeat(400_000)),
                                frame(0x00, "x".repeat(400_000)),
                                frame(0x00, "x".repeat(400_000))),
                        "close 1009"),
                Arguments.of("binary", frame(0x82, "x"), "close 1003"),
                Arguments.of("a close frame of one byte", frame(0x88, "x"), "close 1002"),
                Arguments.of("a close code that is not there", frame(0x88, "\u0003\u00ed"), "close 1002"),
                Arguments.of("no JSON", frame(TEXT, "hello"), "\"code\":\"bad_request\""),
                Arguments.of("nothing", frame(TEXT, ""), "\"code\":\"bad_request\""),
                Arguments.of("no object", frame(TEXT, "[]"), "\"code\":\"bad_request\""),
                Arguments.of("half an object", frame(TEXT, "{\"op\":\"ping\""), "\"code\":\"bad_request\""),
                Arguments.of("two objects", frame(TEXT, ping + ping), "\"code\":\"bad_request\""),
                Arguments.of("deep JSON", frame(TEXT, "{\"data\":" + "[".repeat(50_000)), "\"code\":\"bad_request\""),
                Arguments.of("a control character", frame(TEXT, "{\"op\":\"ping\u0001\"}"), "\"code\":\"bad_request\""),
                Arguments.of("no op", frame(TEXT, "{}"), "field op is missing"),
                Arguments.of(
                        "another op",
                        frame(TEXT, "{\"op\":\"eval\",\"id\":1}"),
                        "\"id\":1,\"error\":{\"code\":\"bad_request\""),
                Arguments.of("an op that is no string", frame(TEXT, "{\"op\":1}"), "field op is not a string"),
                Arguments.of(
                        "a long id",
                        frame(TEXT, "{\"op\":\"ping\",\"id\":\"" + "i".repeat(129) + "\"}"),
                        "longer than 128"),
                Arguments.of("no stream", frame(TEXT, "{\"op\":\"subscribe\"}"), "field stream is missing"),
                Arguments.of(
                        "a bad stream",
                        frame(TEXT, "{\"op\":\"subscribe\",\"stream\":\"x\"}"),
                        "\"code\":\"bad_request\""),
                Arguments.of(
                        "a bad cursor",
                        frame(TEXT, "{\"op\":\"subscribe\",\"stream\":\"room:1\",\"after\":-1}"),
                        "field after is not an integer"),
                Arguments.of(
                        "a huge cursor",
                        frame(TEXT, "{\"op\":\"subscribe\",\"stream\":\"room:1\",\"after\":99999999999999999999}"),
                        "field after is not an integer"),
                Arguments.of(
                        "a bad resume token",
                        frame(TEXT, "{\"op\":\"follow\",\"token\":\"\u00e9\"}".replace("\u00e9", "?")),
                        "\"code\":\"bad_request\""),
                Arguments.of(
                        "a forbidden append",
                        frame(TEXT, "{\"op\":\"publish\",\"stream\":\"feed:1\",\"type\":\"t\",\"data\":1}"),
                        "\"code\":\"forbidden\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frames")
    void getsAClearAnswer(String what, byte[] frame, String answer) {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "mal")) {
            client.trySend(frame);
            assertThat(client.message()).as(what).contains(answer).doesNotContain("dev.tutti", "Exception");
        }
    }

    @Test
    void aMessageInManyFragmentsIsOneMessageAndPingsGoBetween() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "ann")) {
            client.send(frame(0x01, "{\"op\":"))
                    .send(frame(0x00, ""))
                    .send(frame(0x89, "hi"))
                    .send(frame(0x00, "\"ping\",\"id\":\"\u00e2"))
                    .send(frame(0x80, "\u0082\u00ac\"}"));
            assertThat(client.frame()).isEqualTo(new RawConnection.Frame(10, "hi"));
            assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":\"€\"}");
        }
    }

    @Test
    void aCloseIsAnsweredAndTheConnectionEnds() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "ann")) {
            client.send(frame(0x88, "\u0003\u00e9bye"));
            assertThat(client.frame()).isEqualTo(new RawConnection.Frame(8, "close 1001"));
            assertThat(client.frame().opcode()).isEqualTo(-1);
        }
    }

    @Test
    void randomBytesNeverHangOrHarm() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            try (RawConnection client = RawConnection.webSocket(EDGE.port(), "mal")) {
                byte[] bytes = new byte[random.nextInt(1, 300)];
                random.nextBytes(bytes);
                // the read ends, or times out and fails
                assertThat(client.send(bytes).sendNoMore().rest())
                        .as("seed " + seed)
                        .doesNotContain("dev.tutti", "Exception", "internal");
            }
        }
    }

    @Test
    void whoSendsTooMuchIsToldAndSlowedDownButNotLost() {
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withMessageRate(new TokenBucket.Rate(50, 10)), builder -> builder);
                RawConnection client = RawConnection.webSocket(strict.port(), "ann")) {
            client.send(join(IntStream.range(0, 40) // at once, so that they are faster than is allowed
                    .mapToObj(i -> frame(TEXT, "{\"op\":\"ping\",\"id\":" + i + "}"))
                    .toArray(byte[][]::new)));
            List<String> answers =
                    IntStream.range(0, 40).mapToObj(_ -> client.message()).toList();
            assertThat(answers.subList(0, 10)).allMatch(answer -> answer.contains("pong"));
            assertThat(answers)
                    .anyMatch(answer -> answer.contains("\"code\":\"rate_limited\",\"number\":4100")
                            && answer.contains("\"retryAfterMs\":"));
            for (int i = 0; i < 40; i++) {
                assertThat(answers.get(i)).contains("\"id\":" + i);
            }
            assertThat(strict.metric("tutti.refusals", "rate_limited")).isPositive();
        }
    }

    @Test
    void theRateOfMessagesGoesByTheTickerOfTheEdge() {
        AtomicLong nanos = new AtomicLong();
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withMessageRate(new TokenBucket.Rate(1, 1)),
                        builder -> builder.ticker(nanos::get));
                RawConnection client = RawConnection.webSocket(strict.port(), "ann")) {
            for (int i = 0; i < 5; i++) {
                client.text("{\"op\":\"ping\",\"id\":" + i + "}");
                assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":" + i + "}");
                nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            }
        }
    }

    @Test
    void aLargeMessageThatIsTooMuchIsRefusedByItsId() {
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withMessageRate(new TokenBucket.Rate(1, 1)), builder -> builder);
                RawConnection client = RawConnection.webSocket(strict.port(), "ann")) {
            String rest = "\",\"stream\":\"room:a\",\"type\":\"t\",\"data\":\"" + "x".repeat(10_000) + "\"}";
            client.send(join(
                    frame(TEXT, "{\"op\":\"publish\",\"id\":\"first" + rest),
                    frame(TEXT, "{\"op\":\"publish\",\"id\":\"second" + rest)));
            assertThat(client.message()).contains("\"id\":\"first\"").doesNotContain("rate_limited");
            assertThat(client.message()).contains("\"id\":\"second\"", "\"code\":\"rate_limited\"");
        }
    }

    @Test
    void whoDoesNotAnswerPingsIsGone() {
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withTimes(EdgeSettings.Times.DEFAULT.withPing(Duration.ofSeconds(2))),
                        builder -> builder);
                RawConnection dead = RawConnection.webSocket(strict.port(), "dead");
                RawConnection alive = RawConnection.webSocket(strict.port(), "alive")) {
            for (int i = 0; i < 2; i++) {
                assertThat(alive.frame().opcode()).isEqualTo(9);
                alive.send(frame(0x8A, ""));
            }
            assertThat(dead.message()).isEqualTo("close 4002");
        }
    }

    @Test
    void whoCouldNotBeHeardForAWhileIsNotGone() {
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withTimes(EdgeSettings.Times.DEFAULT.withPing(Duration.ofMillis(400)))
                                .withMessageRate(new TokenBucket.Rate(1, 1)),
                        builder -> builder);
                RawConnection client = RawConnection.webSocket(strict.port(), "ann")) {
            client.text("{\"op\":\"ping\",\"id\":1}").text("{\"op\":\"ping\",\"id\":2}"); // the second is one too many
            int answers = 0;
            int pings = 0;
            while (answers < 2 || pings < 6) { // the server reads nothing for most of a second
                RawConnection.Frame frame = client.frame();
                assertThat(frame.opcode()).as(frame.text()).isIn(1, 9);
                if (frame.opcode() == 9) {
                    pings++;
                    client.send(frame(0x8A, ""));
                } else {
                    answers++;
                }
            }
        }
    }
}
