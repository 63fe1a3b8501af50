package dev.tutti.edge.feed;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.TestEdge;
import dev.tutti.feed.FeedKey;
import dev.tutti.stream.Json;
import dev.tutti.testkit.client.EventSourceClient;
import dev.tutti.testkit.client.RawConnection;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Feeds over each transport of the edge. */
class FeedTransportsTest {
    private static final TestEdge EDGE = new TestEdge();

    @AfterAll
    static void close() {
        EDGE.close();
    }

    private static void publish(String key, long version, String json) {
        EDGE.tutti.feeds().publish(new FeedKey(key), version, Json.of(json));
    }

    private static HttpResponse<String> get(String path, String... headers) {
        return send(EDGE.to(path, headers));
    }

    @Test
    void aWebSocketIsToldTheVersionAndThenWhatIsNewerThanItsOwn() {
        publish("score:ws", 4, "{\"home\": 1}");
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "ann")) {
            client.text("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"score:ws\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1,\"version\":4}");
            assertThat(client.message())
                    .isEqualTo("{\"op\":\"feed\",\"key\":\"score:ws\",\"version\":4,\"value\":{\"home\": 1}}");
            client.text("{\"op\":\"feed.subscribe\",\"id\":2,\"key\":\"score:ws\"}");
            assertThat(client.message()).contains("\"id\":2", "\"code\":\"conflict\"");
            publish("score:ws", 5, "[5]");
            assertThat(client.message()).contains("\"version\":5,\"value\":[5]}");
            client.text("{\"op\":\"feed.unsubscribe\",\"id\":3,\"key\":\"score:ws\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":3}");
            publish("score:ws", 6, "6");
            client.text("{\"op\":\"ping\",\"id\":4}");
            assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":4}");
        }
    }

    /** As after the death of an instance: it learns whether what it has is stale, and gets nothing that it has. */
    @Test
    void aWebSocketThatComesBackLearnsWhetherItsVersionIsCurrent() {
        publish("score:back", 7, "7");
        EDGE.tutti.feeds().publish(new FeedKey("score:table"), 9);
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "ann")) {
            client.text("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"score:back\",\"version\":7}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1,\"version\":7}");
            client.text("{\"op\":\"feed.subscribe\",\"id\":2,\"key\":\"score:table\",\"version\":8}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":2,\"version\":9}");
            assertThat(client.message())
                    .isEqualTo("{\"op\":\"feed\",\"key\":\"score:table\",\"version\":9,\"value\":null}");
        }
    }

    @Test
    void aWebSocketIsRefusedWhatItMayNotRead() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "ann")) {
            client.text("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"user:eve:settings\"}");
            assertThat(client.message()).contains("\"id\":1", "\"code\":\"forbidden\"");
            client.text("{\"op\":\"feed.subscribe\",\"id\":2,\"key\":\"no key\"}");
            assertThat(client.message()).contains("\"id\":2", "\"code\":\"bad_request\"");
            client.text("{\"op\":\"feed.subscribe\",\"id\":3,\"key\":\"user:ann:settings\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":3,\"version\":0}");
        }
    }

    /** 40 MB are published; what the reader is sent is what its bounds and the kernel's buffers take, then the last. */
    @Test
    void aConnectionThatDoesNotReadHasOneValueWaitingForEachKey() {
        String large = "\"" + "x".repeat(40_000) + "\"";
        try (TestEdge edge = new TestEdge();
                RawConnection slow = RawConnection.webSocket(edge.port(), "slow", 4_096)) {
            slow.text("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"page:1\"}");
            assertThat(slow.message()).isEqualTo("{\"op\":\"ok\",\"id\":1,\"version\":0}");
            for (long version = 1; version <= 1_000; version++) {
                edge.tutti.feeds().publish(new FeedKey("page:1"), version, Json.of(large));
            }
            int given = 0;
            String message;
            do {
                message = slow.messageWith(List.of("{\"op\":\"feed\"", "close", "end"));
                given++;
            } while (!message.contains("\"version\":1000,"));
            assertThat(given).isLessThan(500);
            assertThat(edge.meters.counter("tutti.feed.conflated").count()).isPositive();
        }
    }

    @Test
    void anEventStreamGoesOnBehindTheVersionThatIsItsId() {
        publish("public:sse", 2, "{\"a\":\r\n1}");
        try (EventSourceClient client = new EventSourceClient(EDGE.port(), "/api/feeds/public:sse/events", "")) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(client.block())
                    .containsExactly(
                            "id: 2",
                            "event: feed",
                            "data: {\"key\":\"public:sse\",\"version\":2,\"value\":{\"a\":  1}}");
        }
        try (EventSourceClient client =
                new EventSourceClient(EDGE.port(), "/api/feeds/public:sse/events", "Last-Event-ID: 2\r\n")) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            publish("public:sse", 3, "3");
            assertThat(client.block()).startsWith("id: 3");
        }
    }

    /** With more of them than there are event loops, as a rule. */
    @Test
    void clientsOfOneEventLoopShareWhatAStateIsEncodedToAndEachGetsAllOfIt() {
        List<RawConnection> sockets = new ArrayList<>();
        List<EventSourceClient> streams = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                RawConnection socket = RawConnection.webSocket(EDGE.port(), "ann");
                sockets.add(socket);
                socket.text("{\"op\":\"feed.subscribe\",\"id\":1,\"key\":\"public:shared\"}");
                assertThat(socket.message()).isEqualTo("{\"op\":\"ok\",\"id\":1,\"version\":0}");
                EventSourceClient stream = new EventSourceClient(EDGE.port(), "/api/feeds/public:shared/events", "");
                streams.add(stream);
                assertThat(stream.head()).startsWith("HTTP/1.1 200 ");
            }
            for (int version = 1; version <= 3; version++) {
                String value = '"' + "x".repeat(2_000 * version) + '"';
                String fields = "\"key\":\"public:shared\",\"version\":" + version + ",\"value\":" + value + "}";
                publish("public:shared", version, value);
                for (RawConnection socket : sockets) {
                    assertThat(socket.message()).isEqualTo("{\"op\":\"feed\"," + fields);
                }
                for (EventSourceClient stream : streams) {
                    assertThat(stream.block()).containsExactly("id: " + version, "event: feed", "data: {" + fields);
                }
            }
        } finally {
            sockets.forEach(RawConnection::close);
            streams.forEach(EventSourceClient::close);
        }
    }

    @Test
    void aRequestWithTheVersionIsAnsweredWithTheBodyOnlyIfItIsStale() {
        publish("public:rest", 12, "{\"a\": 1}");

        HttpResponse<String> first = get("/api/feeds/public:rest");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("{\"key\":\"public:rest\",\"version\":12,\"value\":{\"a\": 1}}");
        assertThat(first.headers().firstValue("etag")).contains("W/\"12\"");
        HttpResponse<String> current = get("/api/feeds/public:rest", "If-None-Match", "\"11\", W/\"12\"");
        assertThat(current.statusCode()).isEqualTo(304);
        assertThat(current.headers().firstValue("etag")).contains("W/\"12\"");
        assertThat(current.body()).isEmpty();
        assertThat(get("/api/feeds/public:rest", "If-None-Match", "\"11\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theTagIsWeakAsTheSameVersionIsSentWithGzipAndWithoutIt() {
        String path = "/api/feeds/public:packed";
        publish("public:packed", 4, '"' + "x".repeat(10_000) + '"');

        HttpResponse<String> plain = get(path);
        HttpResponse<String> packed = get(path, "Accept-Encoding", "gzip");
        assertThat(plain.headers().firstValue("content-encoding")).isEmpty();
        assertThat(packed.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(plain.headers().firstValue("etag")).contains("W/\"4\"");
        assertThat(packed.headers().firstValue("etag")).contains("W/\"4\"");
        for (String known : List.of("\"4\"", "W/\"4\"", "\"3\", \"4\"", "*")) {
            assertThat(get(path, "If-None-Match", known).statusCode()).as(known).isEqualTo(304);
        }
    }

    @ParameterizedTest(name = "{0} for {1}")
    @CsvSource({
        "/api/feeds/score:none, ann, 404",
        "/api/feeds/score:none, '', 401",
        "/api/feeds/user:eve, ann, 403",
        "/api/feeds/user:ann, ann, 404",
        "/api/feeds/nothing, ann, 400",
        "/api/feeds/public:none, '', 404",
        "/api/feeds/score:none/events, '', 401",
        "/api/feeds/user:eve/events, ann, 403",
        "/api/feeds/nothing/events, ann, 400"
    })
    void everyRefusalHasItsStatus(String path, String who, int status) {
        String[] headers = who.isEmpty() ? new String[0] : new String[] {"Authorization", "Bearer " + who};

        assertThat(get(path, headers).statusCode()).isEqualTo(status);
    }
}
