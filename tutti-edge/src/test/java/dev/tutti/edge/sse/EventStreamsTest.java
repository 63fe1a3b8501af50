package dev.tutti.edge.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.TestEdge;
import dev.tutti.socket.Principal;
import dev.tutti.testkit.client.EventSourceClient;
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

    private static EventSourceClient open(String path, String headers) {
        return open(EDGE, path, "ann", headers, 0);
    }

    private static EventSourceClient open(TestEdge edge, String path, String user, String headers, int receiveBuffer) {
        EventSourceClient client = new EventSourceClient(
                edge.port(), path, "Authorization: Bearer " + user + "\r\n" + headers, receiveBuffer);
        assertThat(client.head())
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: text/event-stream")
                .containsIgnoringCase("x-instance-id: edge-1");
        return client;
    }

    @Test
    void historyThenLiveWithTheSeqAsId() {
        EDGE.append("room:sse", "note", "{\"a\":\r\n1}");
        try (EventSourceClient client = open("/api/streams/room:sse/events?after=0", "")) {
            List<String> first = client.block();
            assertThat(first.subList(0, 2)).containsExactly("id: 1", "event: note");
            assertThat(first.get(2))
                    .startsWith("data: {\"stream\":\"room:sse\",\"seq\":1,\"type\":\"note\",\"at\":\"")
                    .endsWith("\"data\":{\"a\":  1}}");
            EDGE.append("room:sse", "note", "2");
            assertThat(client.block()).contains("id: 2");
        }
        EDGE.append("room:sse", "note", "3");
        try (EventSourceClient client = open("/api/streams/room:sse/events?after=0", "Last-Event-ID: 2\r\n")) {
            assertThat(client.block()).contains("id: 3");
        }
    }

    @Test
    void whereStrangersHaveAllPermitsButTheReserveGoodCredentialsOpenAStream() {
        List<RawConnection> strangers = new ArrayList<>();
        try (TestEdge edge = TestEdge.ofConnections(10)) {
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

    private static EventSourceClient anonymous(String path, String headers) {
        return new EventSourceClient(EDGE.port(), path, headers);
    }

    @Test
    void anybodyFollowsAPublicStreamFromWhereTheyWereAndNoOther() {
        EDGE.append("room:public-sse", "note", "1");
        EDGE.append("room:public-sse", "note", "2");
        EDGE.append("room:closed-sse", "note", "1");
        try (EventSourceClient client = anonymous("/api/streams/room:public-sse/events", "Last-Event-ID: 1\r\n")) {
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(client.block()).contains("id: 2");
            EDGE.append("room:public-sse", "note", "3");
            assertThat(client.block()).contains("id: 3");
        }
        for (String closed :
                List.of("/api/streams/room:closed-sse/events", "/api/streams/room:none/events", "/api/feed")) {
            try (EventSourceClient client = anonymous(closed, "")) {
                assertThat(client.head()).as(closed).startsWith("HTTP/1.1 401 ");
            }
        }
    }

    @Test
    void aGapIsToldWhereEventsAreNoLongerKept() {
        for (int i = 0; i < 10; i++) {
            EDGE.append("feed:nba", "score", "1");
        }
        try (EventSourceClient client = open("/api/streams/feed:nba/events", "Last-Event-ID: 2\r\n")) {
            assertThat(client.block()).containsSubsequence("id: 7", "event: gap");
            assertThat(client.block()).contains("id: 8");
        }
    }

    @Test
    void aFeedIsResumedByTheIdOfAnyEvent() {
        String id;
        try (EventSourceClient client = open("/api/feed", "")) {
            List<String> position = client.block();
            assertThat(position).hasSize(1);
            EDGE.append("user:ann", "hi", "1");
            List<String> event = client.block();
            assertThat(event.get(0)).isEqualTo(position.getFirst() + "~user:ann@1");
            assertThat(event.get(1)).isEqualTo("event: hi");
            id = client.lastEventId();
            assertThat(event.getFirst()).isEqualTo("id: " + id);
        }
        EDGE.append("room:all", "hi", "2");
        EDGE.append("user:ann", "hi", "3");
        try (EventSourceClient client = open("/api/feed", "Last-Event-ID: " + id + "\r\n")) {
            List<String> both = new ArrayList<>(client.block());
            both.addAll(client.block());
            assertThat(both.stream().filter(line -> line.startsWith("data: ")))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("room:all") && line.contains("\"seq\":1,"))
                    .anyMatch(line -> line.contains("user:ann") && line.contains("\"seq\":2,"));
        }
    }

    @Test
    void aStreamEndsWithTheTokenAndSaysSo() {
        try (EventSourceClient client = open(EDGE, "/api/streams/room:1/events", "eve~3000", "", 0)) {
            List<String> end = client.block();
            assertThat(end).containsSubsequence("event: error");
            assertThat(end.get(1)).contains("\"code\":\"token_expired\"");
            assertThat(client.rest()).isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void aSlowReaderStaysInTheLog() {
        try (TestEdge edge = new TestEdge();
                EventSourceClient slow = open(edge, "/api/streams/room:big/events?after=0", "slow", "", 4_096)) {
            String data = "\"" + "x".repeat(4_000) + "\"";
            for (int i = 0; i < 3_000; i++) {
                edge.append("room:big", "t", data);
            }
            assertThat(edge.meters.counter("tutti.bytes.out").count()).isLessThan(8 << 20);
            for (int i = 1; i <= 3_000; i++) {
                assertThat(slow.block()).contains("id: " + i);
            }
        }
    }

    @Test
    void aStreamThatIsLeftGivesItsPlaceBack() {
        try (TestEdge edge = new TestEdge(settings -> settings.withMaxConnections(1), builder -> builder)) {
            try (EventSourceClient client = open(edge, "/api/streams/room:1/events", "ann", "", 0)) {
                assertThat(edge.edge.connections()).isEqualTo(1);
                try (RawConnection second = new RawConnection(edge.port())) {
                    second.send("GET /api/feed HTTP/1.1\r\nHost: x\r\n\r\n");
                    assertThat(second.head()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1");
                }
                edge.append("room:1", "t", "1");
                assertThat(client.block()).contains("id: 1");
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
                EventSourceClient _ = open(edge, "/api/streams/room:1/events", "ann", "", 0)) {
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
            try (EventSourceClient _ =
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
