package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.TestEdge;
import dev.tutti.http.Reply;
import dev.tutti.testkit.client.RawConnection;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An address's share of the bytes for bodies is divided by the bytes that its requests can hold, not by their number. */
class StreamedBodySharesTest {
    private final TestEdge edge = new TestEdge(
            settings -> settings.withAdmission(settings.admission().withBytes(8 << 20, 32 << 20)),
            builder -> builder.routes(routes -> routes.onStream("POST", "/count", request -> {
                try (InputStream body = request.stream()) {
                    return Reply.ok(Map.of("bytes", body.transferTo(OutputStream.nullOutputStream())));
                }
            })));

    @AfterEach
    void stop() {
        edge.close();
    }

    @Test
    void manySmallBodiesThatAreNotWholeYetTakeLittle() {
        List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(new RawConnection(edge.port())
                        .send("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n1"));
            }
            for (RawConnection client : clients) {
                assertThat(client.send("2").answer())
                        .startsWith("HTTP/1.1 200 ")
                        .contains("\"bytes\":2");
            }
        } finally {
            clients.forEach(RawConnection::close);
        }
    }

    @Test
    void aRequestWithoutABodyTakesNothing() {
        List<RawConnection> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                clients.add(new RawConnection(edge.port()).send("POST /count HTTP/1.1\r\nHost: x\r\n\r\n"));
            }
            for (RawConnection client : clients) {
                assertThat(client.answer()).startsWith("HTTP/1.1 200 ").contains("\"bytes\":0");
            }
        } finally {
            clients.forEach(RawConnection::close);
        }
    }
}
