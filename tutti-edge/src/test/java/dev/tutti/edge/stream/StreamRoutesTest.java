package dev.tutti.edge.stream;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.TestEdge;
import dev.tutti.stream.StreamName;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class StreamRoutesTest {
    private static final TestEdge EDGE = new TestEdge();

    @AfterAll
    static void close() {
        EDGE.close();
    }

    private static HttpResponse<String> get(String path) {
        return send(EDGE.to(path, "Authorization", "Bearer ann"));
    }

    private static HttpResponse<String> post(String path, String body) {
        return send(EDGE.to(path, "Authorization", "Bearer ann", "Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @Test
    void whatIsAppendedIsReadByteByByteAndPaged() {
        HttpResponse<String> first =
                post("/api/streams/room:rest", "{\"type\":\"t\",\"data\":{\"n\": 1.10,\"ü\":[]},\"key\":\"k1\"}");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.body()).contains("\"seq\":1", "\"repeated\":false", "\"at\":\"");
        HttpResponse<String> again = post("/api/streams/room:rest", "{\"type\":\"t\",\"data\":2,\"key\":\"k1\"}");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).contains("\"seq\":1", "\"repeated\":true");
        assertThat(post("/api/streams/room%3Arest", "{\"type\":\"t\",\"data\":null}")
                        .statusCode())
                .isEqualTo(201);

        HttpResponse<String> page = get("/api/streams/room:rest?limit=1");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("application/json");
        assertThat(page.body())
                .startsWith("{\"events\":[{\"stream\":\"room:rest\",\"seq\":1,\"type\":\"t\",\"at\":\"")
                .endsWith("\"data\":{\"n\": 1.10,\"ü\":[]},\"key\":\"k1\"}],\"more\":true}");
        assertThat(get("/api/streams/room:rest?after=1").body()).contains("\"data\":null}],\"more\":false}");
        assertThat(get("/api/streams/room:rest?before=9").body()).containsSubsequence("\"seq\":2", "\"seq\":1");
        assertThat(get("/api/streams/room:empty").body()).isEqualTo("{\"events\":[],\"more\":false}");
    }

    private static HttpResponse<String> anonymous(String method, String path) {
        return send(EDGE.to(path, "Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString("{\"type\":\"t\",\"data\":1}")));
    }

    @Test
    void aPublicStreamIsReadByAnybodyAndAppendedToByNobodyWithoutALogin() {
        EDGE.append("room:public-rest", "t", "1");
        EDGE.append("room:public-rest", "t", "2");

        assertThat(anonymous("GET", "/api/streams/room:public-rest?after=1").body())
                .contains("\"seq\":2", "\"more\":false")
                .doesNotContain("\"seq\":1");
        assertThat(anonymous("GET", "/api/streams/room:public-none").body())
                .isEqualTo("{\"events\":[],\"more\":false}");
        HttpResponse<String> append = anonymous("POST", "/api/streams/room:public-rest");
        assertThat(append.statusCode()).isEqualTo(401);
        assertThat(append.body()).contains("\"code\":\"unauthenticated\"");
        assertThat(EDGE.tutti.streams().head(new StreamName("room:public-rest")))
                .isEqualTo(2);
    }

    @Test
    void whoShowsNothingIsNotToldWhetherThereIsAStream() {
        EDGE.append("room:closed", "t", "1");

        HttpResponse<String> existing = anonymous("GET", "/api/streams/room:closed");
        assertThat(existing.statusCode()).isEqualTo(401);
        for (String other : List.of("room:closed-none", "socketio:bus", "nothing:1")) {
            HttpResponse<String> missing = anonymous("GET", "/api/streams/" + other);
            assertThat(missing.statusCode()).as(other).isEqualTo(401);
            assertThat(missing.body()).as(other).isEqualTo(existing.body());
        }
    }

    @Test
    void ofABatchWithOneThatMayNotBeNothingIsAppendedOrCharged() {
        String allowed = "{\"stream\":\"room:batch\",\"type\":\"t\",\"data\":1}";
        String forbidden = "{\"stream\":\"feed:batch\",\"type\":\"t\",\"data\":1}";
        String without = "{\"stream\":\"room:batch\",\"type\":\"t\"}";
        StreamName stream = new StreamName("room:batch");

        assertThat(post("/api/streams", "[" + allowed + "," + forbidden + "]").statusCode())
                .isEqualTo(403);
        assertThat(post("/api/streams", "[" + allowed + "," + without + "]").statusCode())
                .isEqualTo(400);
        assertThat(EDGE.charged).doesNotContain(stream);
        assertThat(EDGE.tutti.streams().head(stream)).isZero();

        assertThat(post("/api/streams", "[" + allowed + "," + allowed + "]").body())
                .contains("\"seq\":1", "\"seq\":2");
        assertThat(EDGE.charged).filteredOn(stream::equals).hasSize(2);
    }

    private static String batch(int size, String data) {
        return Stream.generate(() -> "{\"stream\":\"room:wide\",\"type\":\"t\",\"data\":" + data + "}")
                .limit(size)
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** Of fifty fields each they have 109,000 names, values and brackets together, and less than half a MiB. */
    @Test
    void aThousandWideEventsAreABatchAndOneMoreIsTooMany() throws Exception {
        String wide = IntStream.range(0, 50)
                .mapToObj(field -> "\"f" + field + "\":" + field)
                .collect(Collectors.joining(",", "{", "}"));

        HttpResponse<String> tooMany = post("/api/streams", batch(1_001, "1"));
        assertThat(tooMany.statusCode()).isEqualTo(400);
        assertThat(tooMany.body()).contains("more than 1000 objects in the array; allowed are 1 to 1000");
        assertThat(EDGE.tutti.streams().head(new StreamName("room:wide"))).isZero();

        HttpResponse<String> all = post("/api/streams", batch(1_000, wide));
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.body()).contains("\"seq\":1000").doesNotContain("\"error\"");
        assertThat(EDGE.tutti.streams().head(new StreamName("room:wide"))).isEqualTo(1_000);
        assertThat(get("/api/streams/room:wide?after=999").body()).contains("\"data\":" + wide);
    }

    @Test
    void aGapIsAnAnswer() {
        for (int i = 0; i < 10; i++) {
            EDGE.append("feed:gap", "t", "1");
        }
        HttpResponse<String> gap = get("/api/streams/feed:gap?after=1");
        assertThat(gap.statusCode()).isEqualTo(200);
        assertThat(gap.body())
                .startsWith("{\"gap\":{")
                .contains("\"stream\":\"feed:gap\"", "\"after\":1", "\"resume\":7");
    }
}
