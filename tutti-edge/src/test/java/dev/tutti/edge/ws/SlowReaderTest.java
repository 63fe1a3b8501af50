package dev.tutti.edge.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.edge.flow.TokenBucket;
import dev.tutti.testkit.client.RawConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A reader that does not read costs a bounded number of bytes, and nobody else anything. */
class SlowReaderTest {
    /** Pings do not end connections that are read slowly. */
    private static final EdgeSettings.Times PATIENT = EdgeSettings.Times.DEFAULT.withPing(Duration.ofMinutes(10));

    private static final int EVENTS = 3_000;
    private static final String DATA = "\"" + "x".repeat(4_000) + "\"";

    private static TestEdge edge() {
        return new TestEdge(settings -> settings.withTimes(PATIENT), builder -> builder);
    }

    @Test
    void aSlowReaderStaysInTheLogWhileOthersGetEverythingAtOnce() {
        try (TestEdge edge = edge();
                RawConnection slow = RawConnection.webSocket(edge.port(), "slow", 4_096);
                RawConnection quick = RawConnection.webSocket(edge.port(), "quick")) {
            for (RawConnection client : List.of(slow, quick)) {
                client.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:big\",\"after\":0}");
                assertThat(client.message()).contains("ok");
            }
            for (int i = 1; i <= EVENTS; i++) {
                edge.append("room:big", "t", DATA);
                assertThat(quick.message()).contains("\"seq\":" + i + ",");
            }
            // 12 MB were sent to the quick one; to the slow one what its bounds and the kernel's buffers take
            assertThat(edge.metric("tutti.connections", "websocket")).isEqualTo(2);
            double before = bytesOut(edge);
            assertThat(before).isLessThan((EVENTS * 4_200.0) + (6 << 20));
            for (int i = 1; i <= EVENTS; i++) {
                assertThat(slow.message()).contains("\"seq\":" + i + ",");
            }
            assertThat(bytesOut(edge)).isGreaterThan(before);
        }
    }

    @Test
    void aSlowReaderOfAFeedOfManyStreamsGetsThemAllWithoutBeingCut() {
        catchUp((slow, token) -> slow.text("{\"op\":\"follow\",\"token\":\"" + token + "\"}"));
    }

    @Test
    void aSlowReaderWithManySubscriptionsGetsThemAllWithoutBeingCut() {
        catchUp((slow, _) -> IntStream.range(0, 50)
                .forEach(i -> slow.text("{\"op\":\"subscribe\",\"stream\":\"room:many-" + i + "\",\"after\":0}")));
    }

    private static void catchUp(BiConsumer<RawConnection, String> ask) {
        try (TestEdge edge = edge()) {
            String token = edge.tutti.streams().token();
            for (int i = 0; i < 50; i++) {
                for (int n = 0; n < 100; n++) {
                    edge.append("room:many-" + i, "t", DATA);
                }
            }
            try (RawConnection slow = RawConnection.webSocket(edge.port(), "many", 4_096)) {
                ask.accept(slow, token);
                Map<String, Integer> seen = new HashMap<>();
                for (int i = 0; i < 50 * 100; i++) {
                    String event = slow.messageWith(List.of("{\"op\":\"event\"", "close"));
                    String stream = event.replaceAll(".*\"stream\":\"([^\"]*)\".*", "$1");
                    int seq = seen.merge(stream, 1, Integer::sum);
                    assertThat(event).contains("\"seq\":" + seq + ",");
                }
                assertThat(seen)
                        .hasSize(50)
                        .allSatisfy((_, count) -> assertThat(count).isEqualTo(100));
            }
        }
    }

    private static double bytesOut(TestEdge edge) {
        return edge.meters.counter("tutti.bytes.out").count();
    }

    @Test
    void whoAsksWithoutReadingTheAnswersIsCutWithACode() {
        try (TestEdge edge = new TestEdge(
                        settings -> settings.withTimes(PATIENT)
                                .withMessageRate(new TokenBucket.Rate(1_000_000, 1_000_000))
                                .withOutbox(new OutboxBounds(1_024, 2_048, 4_096)),
                        builder -> builder);
                RawConnection slow = RawConnection.webSocket(edge.port(), "slow", 4_096)) {
            String message = "{\"op\":\"ping\",\"id\":\"" + "i".repeat(100) + "\"}";
            Awaitility.await().until(() -> {
                for (int i = 0; i < 100; i++) {
                    slow.text(message);
                }
                return edge.metric("tutti.refusals", "slow_consumer") > 0;
            });
            assertThat(slow.messageWith(List.of("close"))).isIn("close 4001", "end");
            assertThat(edge.metric("tutti.messages.dropped", "overflow")).isPositive();
        }
    }
}
