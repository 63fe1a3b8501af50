package dev.tutti.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.testkit.client.RawConnection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One size bounds what clients say at a time, over HTTP and over WebSockets. */
class MessageSizeTest {
    private static final int MOST = 4_000;

    /** {@code object} of JSON with {@code bytes} bytes, most of them spaces. */
    private static String padded(String object, int bytes) {
        return "{" + " ".repeat(bytes - object.length()) + object.substring(1);
    }

    private static String published(TestEdge edge, int bytes) {
        String request = String.join(
                "\r\n",
                "POST /api/streams/room:1 HTTP/1.1",
                "Host: x",
                "Authorization: Bearer ann",
                "Content-Type: application/json",
                "Content-Length: " + bytes,
                "",
                padded("{\"type\":\"t\",\"data\":1}", bytes));
        try (RawConnection client = new RawConnection(edge.port())) {
            return client.send(request).head();
        }
    }

    @Test
    void bodiesAndMessagesHaveOneBound() {
        try (TestEdge edge = new TestEdge(
                        settings -> settings.withSizes(new EdgeSettings.Sizes(8_192, 16_384, MOST)),
                        builder -> builder);
                RawConnection socket = RawConnection.webSocket(edge.port(), "ann")) {
            assertThat(published(edge, MOST)).startsWith("HTTP/1.1 201");
            assertThat(published(edge, MOST + 1)).startsWith("HTTP/1.1 413");

            socket.text(padded("{\"op\":\"ping\"}", MOST));
            assertThat(socket.message()).contains("pong");
            socket.text(padded("{\"op\":\"ping\"}", MOST + 1));
            assertThat(socket.messageWith(List.of("close"))).isEqualTo("close 1009");
        }
    }

    @Test
    void aSizeThatIsTooSmallIsNamed() {
        assertThatThrownBy(() -> new EdgeSettings.Sizes(8_192, 16_384, 255))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("message 255 bytes")
                .hasMessageContaining("at least 256");
    }
}
