package dev.tutti.edge.http;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.TuttiException;
import dev.tutti.edge.TestEdge;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.http.StreamedContent;
import dev.tutti.testkit.client.RawConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Bodies that are larger than what an edge holds at a time, and clients that stop in the middle of one. */
class StreamedBodiesTest {
    private static final long LARGE = 48L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final TestEdge EDGE = new TestEdge(
            settings ->
                    settings.withTimes(settings.times().withRequest(PATIENCE).withHandler(Duration.ofMillis(500))),
            builder -> builder.routes(StreamedBodiesTest::routes));
    private static final BlockingQueue<String> REFUSED = new LinkedBlockingQueue<>();
    private static final CountDownLatch READ_ON = new CountDownLatch(1);

    private static void routes(Routes routes) {
        routes.onStream("POST", "/count", StreamedBodiesTest::count)
                .onStream("POST", "/refuse", _ -> Reply.ok("no"))
                .onStream("POST", "/wait", request -> {
                    READ_ON.await();
                    return count(request);
                })
                .on("GET", "/zeros", _ -> zeros(LARGE, LARGE))
                .on("GET", "/short", _ -> zeros(LARGE, 1000));
    }

    private static Reply count(Request request) throws IOException {
        try (InputStream body = request.stream()) {
            return Reply.ok(Map.of("bytes", body.transferTo(OutputStream.nullOutputStream())));
        } catch (TuttiException refused) {
            REFUSED.add(refused.code().text());
            throw refused;
        }
    }

    private static Reply zeros(long announced, long there) {
        return new Reply(
                200, List.of(), new StreamedContent("application/octet-stream", announced, () -> new Zeros(there)));
    }

    private static final class Zeros extends InputStream {
        private long left;

        private Zeros(long bytes) {
            left = bytes;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            int few = (int) Math.min(left, length);
            left -= few;
            return few == 0 ? -1 : few;
        }
    }

    @AfterAll
    static void close() {
        READ_ON.countDown();
        EDGE.close();
    }

    private static HttpResponse<String> post(String path, long bytes) {
        HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.fromPublisher(
                HttpRequest.BodyPublishers.ofInputStream(() -> new Zeros(bytes)), bytes);
        return send(EDGE.to(path).POST(body));
    }

    private static RawConnection half(String path) {
        return new RawConnection(EDGE.port())
                .send("POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nsome");
    }

    @Test
    void aBodyThatIsLargerThanWhatIsHeldIsReadAsItComes() throws Exception {
        assertThat(post("/count", LARGE).body()).isEqualTo("{\"bytes\":" + LARGE + "}");
    }

    @Test
    void aHandlerThatReadsLaterThanATimeOutAllowsGetsTheBody() throws Exception {
        Thread later = Thread.ofVirtual().start(() -> {
            await().pollDelay(PATIENCE.multipliedBy(2)).until(() -> true);
            READ_ON.countDown();
        });
        assertThat(post("/wait", LARGE).body()).isEqualTo("{\"bytes\":" + LARGE + "}");
        later.join();
    }

    @Test
    void whatAHandlerDoesNotReadIsDroppedWithTheConnection() throws Exception {
        HttpResponse<String> refused = post("/refuse", 200_000);

        assertThat(refused.body()).isEqualTo("no");
        assertThat(refused.headers().firstValue("connection")).hasValue("close");
    }

    @Test
    void clientsThatStopInTheMiddleAreToldApart() throws Exception {
        try (RawConnection slow = half("/count")) {
            assertThat(slow.whole()).contains("504").contains("\"timeout\"");
        }
        assertThat(REFUSED.poll(5, TimeUnit.SECONDS)).isEqualTo("timeout");
        try (RawConnection ended = half("/count")) {
            assertThat(ended.sendNoMore().whole()).contains("the connection ended before the body did");
        }
        assertThat(REFUSED.poll(5, TimeUnit.SECONDS)).isEqualTo("bad_request");
        half("/count").close();
        assertThat(REFUSED.poll(5, TimeUnit.SECONDS)).isEqualTo("bad_request");
    }

    @Test
    void contentIsSentAsItIsRead() throws Exception {
        HttpRequest.Builder get = EDGE.to("/zeros");
        HttpResponse<InputStream> zeros = TestEdge.CLIENT.send(get, HttpResponse.BodyHandlers.ofInputStream());

        try (InputStream body = zeros.body()) {
            assertThat(body.transferTo(OutputStream.nullOutputStream())).isEqualTo(LARGE);
        }
        assertThat(zeros.headers().firstValueAsLong("content-length")).hasValue(LARGE);
    }

    @Test
    void whatIsShorterThanAnnouncedIsNotTakenForTheWhole() {
        HttpRequest.Builder get = EDGE.to("/short");

        assertThatThrownBy(() -> TestEdge.CLIENT.send(get, HttpResponse.BodyHandlers.ofByteArray()))
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void aClientThatReadsNothingIsCut() {
        try (RawConnection idle = new RawConnection(EDGE.port(), 4096)) {
            idle.send("GET /zeros HTTP/1.1\r\nHost: a\r\n\r\n");

            await().pollDelay(PATIENCE.multipliedBy(3)).until(() -> true);
            assertThat((long) idle.rest().length()).isLessThan(LARGE);
        }
    }
}
