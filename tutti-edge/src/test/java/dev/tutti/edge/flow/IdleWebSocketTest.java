package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.TestEdge;
import dev.tutti.edge.http.Exchange;
import dev.tutti.testkit.client.RawConnection;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** What an open WebSocket holds in memory. */
class IdleWebSocketTest {
    private static final int TEXT = 0x81;

    private final Queue<WeakReference<Exchange>> exchanges = new ConcurrentLinkedQueue<>();

    @Test
    void nothingIsKeptOfTheRequestThatItBeganWith() {
        try (TestEdge edge = new TestEdge(
                        settings -> settings,
                        builder -> builder.endpoint(parts -> new EchoEndpoint(parts, exchanges)));
                RawConnection client = new RawConnection(edge.port())) {
            client.send(RawConnection.handshake("/echo", ""));
            assertThat(client.head()).startsWith("HTTP/1.1 101");

            await().until(() -> {
                System.gc();
                WeakReference<Exchange> first = exchanges.peek();
                return first != null && first.get() == null;
            });

            client.send(RawConnection.frame(TEXT, "still there".getBytes(StandardCharsets.UTF_8), true));
            assertThat(client.frame().text()).isEqualTo("still there");
        }
    }
}
