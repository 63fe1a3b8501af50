package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.TestEdge;
import dev.tutti.http.Reply;
import dev.tutti.stream.Json;
import dev.tutti.testkit.client.RawConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A body that is small on its way and large when it is unpacked takes as much room as one that came so large. */
class PackedBodiesTest {
    private static final String STRANGER = "127.0.0.2";
    private static final String GUEST = "127.0.0.3";
    private static final String EVENT = "{\"type\":\"t\",\"data\":1}";
    private static final String LARGE = "\"" + "x".repeat(1_000_000) + "\"";

    private final List<RawConnection> clients = new ArrayList<>();
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();

    @AfterEach
    void leave() {
        over.complete(true);
        clients.forEach(RawConnection::close);
    }

    @Test
    void aPackedBodyIsUnpackedWithinTheBound() throws IOException {
        try (TestEdge edge = new TestEdge()) {
            assertThat(packed(edge, "gzip", gzip(EVENT))).startsWith("HTTP/1.1 201");
            assertThat(packed(edge, "gzip", gzip("x".repeat(20_000_000)))).startsWith("HTTP/1.1 413");
            assertThat(packed(edge, "gzip", EVENT.getBytes(StandardCharsets.UTF_8)))
                    .startsWith("HTTP/1.1 400");
            assertThat(packed(edge, "br", EVENT.getBytes(StandardCharsets.UTF_8)))
                    .startsWith("HTTP/1.1 415");
        }
    }

    @Test
    void whatIsLargeComesOutAsItWentIn() throws IOException {
        String event = "{\"type\":\"t\",\"data\":\"" + "0123456789".repeat(20_000) + "\"}";
        try (TestEdge edge = new TestEdge()) {
            assertThat(packed(edge, "gzip", gzip(event))).startsWith("HTTP/1.1 201");
            RawConnection reader = from(GUEST, edge)
                    .send("GET /api/streams/room:1?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n\r\n");
            assertThat(reader.answer()).contains("\"" + "0123456789".repeat(20_000) + "\"");
        }
    }

    /** Of 4 MiB, the least that there is, an address may have half: two of these. */
    @Test
    void packedBodiesTakeRoomAsTheyAreUnpackedAndLeaveSomeForOthers() throws IOException {
        byte[] packed = gzip(LARGE);
        try (TestEdge edge = holding(Duration.ofSeconds(30))) {
            for (int i = 0; i < 8; i++) {
                hold(edge, STRANGER, "gzip", packed);
            }
            await().until(() -> edge.metric("tutti.refusals", "overloaded") >= 6);
            assertThat(packed(edge, "gzip", gzip(EVENT))).startsWith("HTTP/1.1 201");
            over.complete(true);
            await().until(() -> hold(edge, STRANGER, "gzip", packed).head().startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void aBodyHasItsRoomUntilItsHandlerHasEndedHoweverEarlyTheAnswerCame() {
        byte[] plain = LARGE.getBytes(StandardCharsets.UTF_8);
        try (TestEdge edge = holding(Duration.ofMillis(500))) {
            for (int i = 0; i < 2; i++) {
                assertThat(hold(edge, STRANGER, "identity", plain).head()).startsWith("HTTP/1.1 504");
            }
            assertThat(hold(edge, STRANGER, "identity", plain).head()).startsWith("HTTP/1.1 503");
            over.complete(true);
            await().until(() -> hold(edge, STRANGER, "identity", plain).head().startsWith("HTTP/1.1 200"));
        }
    }

    /** An edge with a route whose handler reads the body and then waits until {@link #over}, also when its {@code time} is. */
    private TestEdge holding(Duration time) {
        return new TestEdge(
                settings -> settings.withAdmission(settings.admission().withBytes(1 << 20, 8 << 20))
                        .withTimes(settings.times().withHandler(time)),
                builder -> builder.routes(routes -> routes.on("POST", "/hold", request -> {
                    Json body = request.body(Json.class);
                    over.join();
                    return Reply.ok(body.bytes().length);
                })));
    }

    private RawConnection hold(TestEdge edge, String address, String coding, byte[] body) {
        return from(address, edge)
                .send("POST /hold HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: " + coding
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .trySend(body);
    }

    private String packed(TestEdge edge, String coding, byte[] body) {
        return from(GUEST, edge)
                .send("POST /api/streams/room:1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\n"
                        + "Content-Type: application/json\r\nContent-Encoding: " + coding + "\r\nContent-Length: "
                        + body.length + "\r\n\r\n")
                .trySend(body)
                .head();
    }

    private RawConnection from(String address, TestEdge edge) {
        RawConnection client = new RawConnection(edge.port(), address);
        clients.add(client);
        return client;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
