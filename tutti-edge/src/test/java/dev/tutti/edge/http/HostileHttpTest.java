package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.testkit.client.RawConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is not as it should be, byte by byte, and the answer it gets. */
class HostileHttpTest {
    private static final TestEdge EDGE = new TestEdge();
    private static final String HOST = "Host: x\r\n";

    @AfterAll
    static void close() {
        EDGE.close();
    }

    @AfterEach
    void theServerIsAsWellAsBefore() {
        try (RawConnection client = new RawConnection(EDGE.port())) {
            assertThat(client.send("GET /api/streams/room:1 HTTP/1.1\r\n" + HOST + "Authorization: Bearer a\r\n\r\n")
                            .head())
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    private static String post(String headers, String body) {
        return "POST /api/streams/room:1 HTTP/1.1\r\n" + HOST + "Authorization: Bearer a\r\n" + headers
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String json(String body) {
        return post("Content-Type: application/json\r\n", body);
    }

    static Stream<Arguments> requests() {
        String open = "[".repeat(100_000);
        return Stream.of(
                Arguments.of("not HTTP", "\u0016\u0003\u0001 hello\r\n\r\n", 400, "bad_request"),
                Arguments.of(
                        "a blank in a header's name",
                        "GET / HTTP/1.1\r\n" + HOST + "a b : c\r\n\r\n",
                        400,
                        "bad_request"),
                Arguments.of(
                        "a header that goes on in a second line",
                        "GET / HTTP/1.1\r\n" + HOST + "a: b\r\n c\r\n\r\n",
                        400,
                        "bad_request"),
                Arguments.of(
                        "a tab before what goes on",
                        "GET / HTTP/1.1\r\n" + HOST + "a: b\r\n\tc: d\r\n\r\n",
                        400,
                        "bad_request"),
                Arguments.of(
                        "a blank before the first header", "GET / HTTP/1.1\r\n " + HOST + "\r\n", 400, "bad_request"),
                Arguments.of(
                        "a length that goes on in a second line",
                        "POST /api/streams/room:1 HTTP/1.1\r\n" + HOST
                                + "Authorization: Bearer a\r\nContent-Type: application/json\r\nContent-Length:\r\n 21\r\n\r\n"
                                + "{\"type\":\"t\",\"data\":1}",
                        400,
                        "bad_request"),
                Arguments.of(
                        "a WebSocket with a header that goes on",
                        RawConnection.handshake("/ws", "a: b\r\n c\r\n"),
                        400,
                        "bad_request"),
                Arguments.of(
                        "a header without a name", "GET / HTTP/1.1\r\n" + HOST + ": value\r\n\r\n", 400, "bad_request"),
                Arguments.of("no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad_request"),
                Arguments.of("two Hosts", "GET / HTTP/1.1\r\n" + HOST + HOST + "\r\n", 400, "bad_request"),
                Arguments.of(
                        "two Authorizations",
                        "GET /api/streams/room:1 HTTP/1.1\r\n" + HOST
                                + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
                        400,
                        "bad_request"),
                Arguments.of(
                        "two Content-Lengths",
                        "POST /api/streams/room:1 HTTP/1.1\r\n" + HOST
                                + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                        400,
                        "bad_request"),
                Arguments.of(
                        "length and chunks",
                        "POST /api/streams/room:1 HTTP/1.1\r\n" + HOST
                                + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        400,
                        "bad_request"),
                Arguments.of("a long address", get("/" + "a".repeat(9_000)), 413, "too_large"),
                Arguments.of(
                        "long headers",
                        "GET / HTTP/1.1\r\n" + HOST + "X: " + "a".repeat(20_000) + "\r\n\r\n",
                        413,
                        "too_large"),
                Arguments.of(
                        "101 headers, and no end of them",
                        "GET / HTTP/1.1\r\n" + HOST + "a: b\r\n".repeat(100),
                        413,
                        "too_large"),
                Arguments.of("half a percent sign", get("/api/streams/room%3"), 400, "bad_request"),
                Arguments.of("a percent sign without digits", get("/api/streams/%zz"), 400, "bad_request"),
                Arguments.of("an overlong slash", get("/%c0%af"), 400, "bad_request"),
                Arguments.of("a surrogate", get("/%ed%a0%80"), 400, "bad_request"),
                Arguments.of("a bad query", get("/api/streams/room:1?after=%"), 400, "bad_request"),
                Arguments.of("a way out", get("/../secret"), 400, "bad_request"),
                Arguments.of("an encoded way out", get("/%2e%2e/secret"), 400, "bad_request"),
                Arguments.of("a NUL", get("/index.html%00.js"), 400, "bad_request"),
                Arguments.of("nothing there", get("/api/nothing"), 404, "not_found"),
                Arguments.of("no credentials", get("/api/streams/room:1"), 401, "unauthenticated"),
                Arguments.of("another type", post("Content-Type: text/plain\r\n", "{}"), 415, "unsupported"),
                Arguments.of("no type", post("", "{}"), 415, "unsupported"),
                Arguments.of("no body", json(""), 400, "bad_request"),
                Arguments.of("no JSON", json("{\"type\":"), 400, "bad_request"),
                Arguments.of("an array", json("[]"), 400, "bad_request"),
                Arguments.of("two values", json("{} {}"), 400, "bad_request"),
                Arguments.of("deep JSON", json("{\"type\":\"t\",\"data\":" + open), 400, "bad_request"),
                Arguments.of(
                        "a long number",
                        json("{\"type\":\"t\",\"data\":" + "1".repeat(1_000) + "}"),
                        400,
                        "bad_request"),
                Arguments.of("not UTF-8", json("{\"type\":\"t\",\"data\":\"\u00ff\u00fe\"}"), 400, "bad_request"),
                Arguments.of("no type of event", json("{\"data\":1}"), 400, "bad_request"),
                Arguments.of("a bad type of event", json("{\"type\":\"a b\",\"data\":1}"), 400, "bad_request"),
                Arguments.of("no data", json("{\"type\":\"t\"}"), 400, "bad_request"),
                Arguments.of("two data", json("{\"type\":\"t\",\"data\":1,\"data\":2}"), 400, "bad_request"),
                Arguments.of("a bad key", json("{\"type\":\"t\",\"data\":1,\"key\":\"a b\"}"), 400, "bad_request"),
                Arguments.of(
                        "a key that is no string", json("{\"type\":\"t\",\"data\":1,\"key\":1}"), 400, "bad_request"),
                Arguments.of(
                        "large data",
                        json("{\"type\":\"t\",\"data\":\"" + "x".repeat(300_000) + "\"}"),
                        413,
                        "too_large"),
                Arguments.of(
                        "a large body that says so",
                        "POST /api/streams/room:1 HTTP/1.1\r\n" + HOST + "Content-Length: 2000000\r\n\r\n",
                        413,
                        "too_large"),
                Arguments.of(
                        "a large body in chunks",
                        "POST /api/streams/room:1 HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n"
                                + ("10000\r\n" + "x".repeat(65_536) + "\r\n").repeat(17),
                        413,
                        "too_large"),
                Arguments.of("a bad limit", auth("/api/streams/room:1?limit=0"), 400, "bad_request"),
                Arguments.of("a large limit", auth("/api/streams/room:1?limit=1001"), 400, "bad_request"),
                Arguments.of("a bad cursor", auth("/api/streams/room:1?after=-1"), 400, "bad_request"),
                Arguments.of(
                        "a huge cursor", auth("/api/streams/room:1?after=99999999999999999999"), 400, "bad_request"),
                Arguments.of("two cursors", auth("/api/streams/room:1?after=1&before=2"), 400, "bad_request"),
                Arguments.of("a bad name", auth("/api/streams/Room1"), 400, "bad_request"),
                Arguments.of("somebody else's", auth("/api/streams/user:b"), 403, "forbidden"),
                Arguments.of(
                        "no append there",
                        json("{\"type\":\"t\",\"data\":1}").replace("room:1", "feed:1"),
                        403,
                        "forbidden"),
                Arguments.of("a bad event id", auth("/api/streams/room:1/events?after=x"), 400, "bad_request"),
                Arguments.of("a bad resume token", auth("/api/feed?after=~"), 400, "bad_request"),
                Arguments.of("a POST to a feed", auth("/api/feed").replace("GET", "POST"), 405, "method_not_allowed"),
                Arguments.of("a WebSocket path without one", get("/ws"), 400, "bad_request"),
                Arguments.of(
                        "an old WebSocket",
                        RawConnection.handshake("/ws", "").replace("Version: 13", "Version: 8"),
                        415,
                        "unsupported"),
                Arguments.of(
                        "a WebSocket without key",
                        RawConnection.handshake("/ws", "").replace("dGhlIHNhbXBsZSBub25jZQ==", "x"),
                        400,
                        "bad_request"),
                Arguments.of(
                        "a WebSocket by POST",
                        RawConnection.handshake("/ws", "").replace("GET", "POST"),
                        405,
                        "method_not_allowed"),
                Arguments.of(
                        "another site's WebSocket",
                        RawConnection.handshake("/ws", "Cookie: tutti_access=a\r\nOrigin: http://evil.example\r\n"),
                        403,
                        "forbidden"));
    }

    private static String auth(String path) {
        return "GET " + path + " HTTP/1.1\r\n" + HOST + "Authorization: Bearer a\r\n\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("requests")
    void getsAClearAnswer(String what, String request, int status, String code) {
        try (RawConnection client = new RawConnection(EDGE.port())) {
            client.trySend(request);
            String head = client.head();
            assertThat(head).as(what).matches("(?s)HTTP/1\\.[01] " + status + " .*"); // 1.0 if the line was unreadable
            assertThat(head).containsIgnoringCase("x-instance-id: edge-1");
            client.trySend("GET / HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");
            assertThat(client.rest())
                    .startsWith("{\"error\":{\"code\":\"" + code + "\"")
                    .doesNotContain("Exception", "dev.tutti");
        }
    }

    @Test
    void aHundredHeadersAreTakenOfEachRequestOfAConnection() {
        String full = "GET /nothing HTTP/1.1\r\n" + HOST + "a: b\r\n".repeat(98);
        try (RawConnection client = new RawConnection(EDGE.port())) {
            client.send((full + "a: b\r\n\r\n").repeat(2) + full + "Connection: close\r\n\r\n");
            assertThat(client.rest().replaceAll("(?s)\r\n.*?\r\n\r\n", "\n"))
                    .containsSubsequence("HTTP/1.1 404", "HTTP/1.1 404", "HTTP/1.1 404");
        }
    }

    /** Lines are looked at as they come, each but once, and a body is none of them. */
    @Test
    void aFoldIsFoundByteByByteAndNowhereElse() {
        String folded = "GET /nothing HTTP/1.1\r\n" + HOST + "a: b\r\n c\r\n\r\n";
        try (RawConnection client = new RawConnection(EDGE.port())) {
            for (byte each : folded.getBytes(StandardCharsets.US_ASCII)) {
                client.trySend(new byte[] {each});
            }
            assertThat(client.head()).startsWith("HTTP/1.1 400 ");
        }
        String body = "{\n\t\"type\": \"t\",\n  \"data\":\n [1]}\n ";
        String chunked = "POST /api/streams/room:folds HTTP/1.1\r\n" + HOST
                + "Authorization: Bearer a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        for (boolean bytewise : new boolean[] {false, true}) {
            try (RawConnection client = new RawConnection(EDGE.port())) {
                String all = json(body).replace("room:1", "room:folds") + chunked + get("/nothing")
                        + "GET /nothing HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n";
                for (String piece : bytewise ? all.split("") : new String[] {all}) {
                    client.send(piece);
                }
                assertThat(client.rest().replaceAll("(?s)\r\n.*?\r\n\r\n", "\n"))
                        .containsSubsequence("HTTP/1.1 20", "HTTP/1.1 20", "HTTP/1.1 404", "HTTP/1.1 404");
            }
        }
    }

    @Test
    void aRequestThatTricklesInIsCutOff() {
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withTimes(EdgeSettings.Times.DEFAULT.withRequest(Duration.ofSeconds(2))),
                        builder -> builder);
                RawConnection headers = new RawConnection(strict.port());
                RawConnection body = new RawConnection(strict.port());
                RawConnection silent = new RawConnection(strict.port());
                RawConnection whole = new RawConnection(strict.port())) {
            headers.send("GET / HTTP/1.1\r\nHost: x\r\nX-");
            body.send("POST /api/streams/room:1 HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\n1");
            whole.send(auth("/api/streams/room:1/events")).head();
            assertThat(headers.rest())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("X-Instance-Id: edge-1", "\"code\":\"timeout\"");
            assertThat(body.rest()).startsWith("HTTP/1.1 408 ");
            assertThat(silent.rest()).isEmpty();
            strict.append("room:1", "t", "1");
            String chunk = whole.chunk();
            while (!chunk.contains("event: t")) { // heartbeats come at any time; there is no chunk behind the end
                chunk = whole.chunk();
            }
        }
    }

    /** The second request is looked at when the first has been answered, at once or later. */
    @Tag("slow")
    @Test
    void theBodyOfAPipelinedRequestMustComeInTimeToo() {
        try (TestEdge strict = new TestEdge(
                settings -> settings.withTimes(EdgeSettings.Times.DEFAULT.withRequest(Duration.ofSeconds(2))),
                builder -> builder)) {
            String half = "POST /api/streams/room:1 HTTP/1.1\r\n" + HOST + "Content-Length: 10\r\n\r\n";
            for (String first : new String[] {get("/nothing"), auth("/api/streams/room:1")}) {
                try (RawConnection client = new RawConnection(strict.port())) {
                    client.send(first + half);
                    assertThat(client.rest()).contains("HTTP/1.1 408 ", "\"code\":\"timeout\"");
                }
            }
        }
    }

    @Test
    void aConnectionWithoutRequestsIsClosed() {
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withTimes(EdgeSettings.Times.DEFAULT.withIdle(Duration.ofSeconds(2))),
                        builder -> builder);
                RawConnection client = new RawConnection(strict.port())) {
            client.send(get("/nothing")).head();
            assertThat(client.rest()).contains("not_found");
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (RawConnection client = new RawConnection(EDGE.port())) {
            client.send(get("/one") + auth("/api/streams/room:none") + "GET /api/streams/room:none HTTP/1.1\r\n" + HOST
                    + "Connection: close\r\n\r\n");
            assertThat(client.rest().replaceAll("(?s)\r\n.*?\r\n\r\n", "\n")).containsSubsequence("404", "200", "401");
        }
    }
}
