package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.TestEdge;
import dev.tutti.testkit.client.RawConnection;
import org.junit.jupiter.api.Test;

/** How much of what there is for bodies one of them takes. */
class BodyReaderTest {
    @Test
    void aBodyIsCountedOnceThoughItSaysHowLongItIs() {
        String event = "{\"type\":\"t\",\"data\":\"" + "x".repeat(1_000_000) + "\"}";
        String request = String.join(
                "\r\n",
                "POST /api/streams/room:1 HTTP/1.1",
                "Host: x",
                "Authorization: Bearer a",
                "Content-Type: application/json",
                "Content-Length: " + event.length(),
                "",
                event);
        try (TestEdge edge = new TestEdge(
                        settings -> settings.withAdmission(
                                settings.admission().withAddressPercent(30).withBytes(1 << 20, 8 << 20)),
                        builder -> builder);
                RawConnection client = new RawConnection(edge.port(), "127.0.0.3")) {
            assertThat(client.send(request).head())
                    .as("read, and then found to be too large for an event")
                    .startsWith("HTTP/1.1 413");
        }
    }
}
