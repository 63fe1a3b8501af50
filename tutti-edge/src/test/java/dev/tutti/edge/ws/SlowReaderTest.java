package dev.tutti.edge.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.RawClient;
import dev.tutti.edge.TestEdge;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.edge.flow.TokenBucket;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A reader that does not read costs a bounded number of bytes, and nobody else anything. */
class SlowReaderTest {
    private static final int EVENTS = 3_000;
    private static final String DATA = "\"" + "x".repeat(4_000) + "\"";

    @Test
    void aSlowReaderStaysInTheLogWhileOthersGetEverythingAtOnce() {
        try (TestEdge edge = new TestEdge();
                RawClient slow = RawClient.webSocket(edge.port(), "slow", 4_096);
                RawClient quick = RawClient.webSocket(edge.port(), "quick")) {
            for (RawClient client : List.of(slow, quick)) {
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

    private static double bytesOut(TestEdge edge) {
        return edge.meters.counter("tutti.bytes.out").count();
    }

    @Test
    void whoAsksWithoutReadingTheAnswersIsCutWithACode() {
        try (TestEdge edge = new TestEdge(
                        settings -> settings.messageRate(new TokenBucket.Rate(1_000_000, 1_000_000))
                                .outbox(new OutboxBounds(1_024, 2_048, 4_096)),
                        builder -> builder);
                RawClient slow = RawClient.webSocket(edge.port(), "slow", 4_096)) {
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
