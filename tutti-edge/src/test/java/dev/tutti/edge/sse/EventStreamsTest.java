package dev.tutti.edge.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.TestEdge;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.socket.Principal;
import dev.tutti.testkit.client.RawConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EventStreamsTest {
    private static final TestEdge EDGE = new TestEdge();

    @AfterAll
    static void close() {
        EDGE.close();
    }

    private static RawConnection open(String path, String headers) {
        return open(EDGE, path, "ann", headers, 0);
    }

    private static RawConnection open(TestEdge edge, String path, String user, String headers, int receiveBuffer) {
        RawConnection client = new RawConnection(edge.port(), receiveBuffer);
        client.send(
                "GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + user + "\r\n" + headers + "\r\n");
        assertThat(client.head())
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: text/event-stream")
                .containsIgnoringCase("x-instance-id: edge-1");
        return client;
    }

    /** The fields of the next block, without comments; a chunk ends where a line does. */
    private static List<String> block(RawConnection client) {
        List<String> fields = new ArrayList<>();
        String chunk;
        do {
            chunk = client.chunk();
            chunk.lines().filter(line -> line.matches("(id|event|data): .*")).forEach(fields::add);
        } while (!chunk.isEmpty() && (fields.isEmpty() || !chunk.endsWith("\n\n")));
        return fields;
    }

    @Test
    void historyThenLiveWithTheSeqAsId() {
        EDGE.append("room:sse", "note", "{\"a\":\r\n1}");
        try (RawConnection client = open("/api/streams/room:sse/events?after=0", "")) {
            List<String> first = block(client);
            assertThat(first.subList(0, 2)).containsExactly("id: 1", "event: note");
            assertThat(first.get(2))
                    .startsWith("data: {\"stream\":\"room:sse\",\"seq\":1,\"type\":\"note\",\"at\":\"")
                    .endsWith("\"data\":{\"a\":  1}}");
            EDGE.append("room:sse", "note", "2");
            assertThat(block(client)).contains("id: 2");
        }
        EDGE.append("room:sse", "note", "3");
        try (RawConnection client = open("/api/streams/room:sse/events?after=0", "Last-Event-ID: 2\r\n")) {
            assertThat(block(client)).contains("id: 3");
        }
    }

    @Test
    void whereStrangersHaveAllSeatsButTheReserveGoodCredentialsOpenAStream() {
        List<RawConnection> strangers = new ArrayList<>();
        try (TestEdge edge = new TestEdge(
                settings -> settings.withMaxConnections(10)
                        .withAdmission(AdmissionSettings.DEFAULT.withAddressPercent(100)),
                builder -> builder)) {
            try {
                for (int i = 0; i < 9; i++) {
                    RawConnection stranger = new RawConnection(edge.port());
                    strangers.add(stranger);
                    stranger.send(RawConnection.handshake("/ws", ""));
                    assertThat(stranger.head()).startsWith("HTTP/1.1 101 ");
                }
                assertThat(status(edge, "room:full", "")).startsWith("HTTP/1.1 503 ");
                assertThat(status(edge, "room:full", "Authorization: Bearer bad\r\n"))
                        .startsWith("HTTP/1.1 401 ");
                await().until(() -> edge.edge.connections() == 9);
                assertThat(status(edge, "room:public-full", "Authorization: Bearer ann\r\n"))
                        .as("of which nobody is asked for credentials")
                        .startsWith("HTTP/1.1 503 ");
                await().until(() -> edge.edge.connections() == 9);
                open(edge, "/api/streams/room:full/events", "ann", "", 0).close();
            } finally {
                strangers.forEach(RawConnection::close);
            }
        }
    }

    private static String status(TestEdge edge, String stream, String headers) {
        try (RawConnection client = new RawConnection(edge.port())) {
            client.send("GET /api/streams/" + stream + "/events HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
            return client.head();
        }
    }

    private static RawConnection anonymous(String path, String headers) {
        RawConnection client = new RawConnection(EDGE.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
        return client;
    }

    @Test
    void anybodyFollowsAPublicStreamFromWhereTheyWereAndNoOther() {
        EDGE.append("room:public-sse", "note", "1");
        EDGE.append("room:public-sse", "note", "2");
        EDGE.append("room:closed-sse", "note", "1");
        try (RawConnection client = anonymous("/api/streams/room:public-sse/events", "Last-Event-ID: 1\r\n")) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(block(client)).contains("id: 2");
            EDGE.append("room:public-sse", "note", "3");
            assertThat(block(client)).contains("id: 3");
        }
        for (String closed :
                List.of("/api/streams/room:closed-sse/events", "/api/streams/room:none/events", "/api/feed")) {
            try (RawConnection client = anonymous(closed, "")) {
                assertThat(client.head()).as(closed).startsWith("HTTP/1.1 401 ");
            }
        }
    }

    @Test
    void aGapIsToldWhereEventsAreNoLongerKept() {
        for (int i = 0; i < 10; i++) {
            EDGE.append("feed:nba", "score", "1");
        }
        try (RawConnection client = open("/api/streams/feed:nba/events", "Last-Event-ID: 2\r\n")) {
            assertThat(block(client)).containsSubsequence("id: 7", "event: gap");
            assertThat(block(client)).contains("id: 8");
        }
    }

    @Test
    void aFeedIsResumedByTheIdOfAnyEvent() {
        String id;
        try (RawConnection client = open("/api/feed", "")) {
            List<String> position = block(client);
            assertThat(position).hasSize(1);
            EDGE.append("user:ann", "hi", "1");
            List<String> event = block(client);
            assertThat(event.get(0)).isEqualTo(position.getFirst() + "~user:ann@1");
            assertThat(event.get(1)).isEqualTo("event: hi");
            id = event.getFirst().substring(4);
        }
        EDGE.append("room:all", "hi", "2");
        EDGE.append("user:ann", "hi", "3");
        try (RawConnection client = open("/api/feed", "Last-Event-ID: " + id + "\r\n")) {
            List<String> both = new ArrayList<>(block(client));
            both.addAll(block(client));
            assertThat(both.stream().filter(line -> line.startsWith("data: ")))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("room:all") && line.contains("\"seq\":1,"))
                    .anyMatch(line -> line.contains("user:ann") && line.contains("\"seq\":2,"));
        }
    }

    @Test
    void aStreamEndsWithTheTokenAndSaysSo() {
        try (RawConnection client = open(EDGE, "/api/streams/room:1/events", "eve~3000", "", 0)) {
            List<String> end = block(client);
            assertThat(end).containsSubsequence("event: error");
            assertThat(end.get(1)).contains("\"code\":\"token_expired\"");
            assertThat(client.chunk()).isEmpty();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aSlowReaderStaysInTheLog() {
        try (TestEdge edge = new TestEdge();
                RawConnection slow = open(edge, "/api/streams/room:big/events?after=0", "slow", "", 4_096)) {
            String data = "\"" + "x".repeat(4_000) + "\"";
            for (int i = 0; i < 3_000; i++) {
                edge.append("room:big", "t", data);
            }
            assertThat(edge.meters.counter("tutti.bytes.out").count()).isLessThan(8 << 20);
            for (int i = 1; i <= 3_000; i++) {
                assertThat(block(slow)).contains("id: " + i);
            }
        }
    }

    @Test
    void aStreamThatIsLeftGivesItsPlaceBack() {
        try (TestEdge edge = new TestEdge(settings -> settings.withMaxConnections(1), builder -> builder)) {
            try (RawConnection client = open(edge, "/api/streams/room:1/events", "ann", "", 0)) {
                assertThat(edge.edge.connections()).isEqualTo(1);
                try (RawConnection second = new RawConnection(edge.port())) {
                    second.send("GET /api/feed HTTP/1.1\r\nHost: x\r\n\r\n");
                    assertThat(second.head()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1");
                }
                edge.append("room:1", "t", "1");
                assertThat(block(client)).contains("id: 1");
            }
            Awaitility.await().until(() -> edge.edge.connections() == 0);
        }
    }

    private static String asEventSource(TestEdge edge, String path, String user) {
        try (RawConnection client = new RawConnection(edge.port())) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + user
                    + "\r\nAccept: text/event-stream\r\n\r\n");
            return client.answer();
        }
    }

    @Test
    void whatPassesIsToldInAStreamThatEndsSoThatAnEventSourceTriesAgain() {
        try (TestEdge edge = new TestEdge(settings -> settings.withMaxConnections(1), builder -> builder);
                RawConnection _ = open(edge, "/api/streams/room:1/events", "ann", "", 0)) {
            for (String path : List.of("/api/streams/room:1/events", "/api/feed", "/api/feeds/public:x/events")) {
                assertThat(asEventSource(edge, path, "bob"))
                        .as(path)
                        .satisfies(answer -> passes(answer, "instance_full"));
            }
        }
    }

    private static void passes(String answer, String code) {
        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: text/event-stream")
                .containsPattern("\r\n\r\nretry: [1-9][0-9]{3}\nevent: error\ndata: \\{\"error\":\\{.*\"code\":\""
                        + code + "\".*}}\n\n$");
    }

    @Test
    void anEventSourceThatTriesAgainIsLetInAndOneThatMayNotGetsTheStatus() {
        try (TestEdge edge = new TestEdge()) {
            passes(asEventSource(edge, "/api/streams/room:1/events", "late-source"), "unavailable");
            assertThat(edge.metric("tutti.refusals", "unavailable")).isEqualTo(1);
            try (RawConnection _ =
                    open(edge, "/api/streams/room:1/events", "late-source", "Accept: text/event-stream\r\n", 0)) {
                assertThat(asEventSource(edge, "/api/streams/room:1/events", "bad"))
                        .startsWith("HTTP/1.1 401 ");
            }
        }
    }

    @Test
    void whoIsLetInWhileTheInstanceLeavesIsToldSo() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch known = new CountDownLatch(1);
        try (TestEdge leaving = new TestEdge(
                        settings -> settings,
                        builder -> builder.authenticator(_ -> {
                            asked.countDown();
                            awaitUninterruptibly(known);
                            return new Principal("ann", "session-ann", Instant.MAX);
                        }));
                RawConnection client = new RawConnection(leaving.port())) {
            client.send("GET /api/streams/room:late/events HTTP/1.1\r\nHost: x\r\n\r\n");
            asked.await();
            Thread drain = Thread.ofVirtual().start(() -> leaving.edge.drain(Duration.ZERO, Duration.ofSeconds(10)));
            await().until(() -> drain.getState() == Thread.State.TIMED_WAITING); // all have been told
            known.countDown();
            assertThat(client.rest()).contains("going_away");
            drain.join();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
