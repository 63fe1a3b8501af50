package dev.tutti.edge.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.client.RawConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PlainWebSocketTest {
    private static final TestEdge EDGE = new TestEdge();

    @AfterAll
    static void close() {
        EDGE.close();
    }

    @Test
    void greetsWithItsInstanceAndTheSubprotocol() {
        try (RawConnection client = new RawConnection(EDGE.port())) {
            client.send(RawConnection.handshake("/ws", "Sec-WebSocket-Protocol: other, tutti.v1\r\n"));
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .containsIgnoringCase("x-instance-id: edge-1")
                    .containsIgnoringCase("sec-websocket-protocol: tutti.v1");
            assertThat(client.message())
                    .startsWith("{\"op\":\"hello\",\"instance\":\"edge-1\",\"socket\":\"")
                    .endsWith("\"pingMs\":25000}");
        }
    }

    @Test
    void headersThatAreListsMayHaveSeveralLines() {
        String subprotocols = "Sec-WebSocket-Protocol: other\r\nSec-WebSocket-Protocol: tutti.v1\r\n";
        try (RawConnection client = new RawConnection(EDGE.port())) {
            client.send(RawConnection.handshake("/ws", subprotocols)
                    .replace("keep-alive, Upgrade", "keep-alive\r\nConnection: Upgrade"));
            assertThat(client.head())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("sec-websocket-protocol: tutti.v1");
        }
    }

    @Test
    void aSubscriberGetsWhatWasAndWhatComesInOrder() {
        EDGE.append("room:order", "note", "{\"n\": 1.10}");
        EDGE.append("room:order", "note", "[2]");
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "ann")) {
            client.text("{\"op\":\"subscribe\",\"id\":\"s\",\"stream\":\"room:order\",\"after\":0}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":\"s\"}");
            assertThat(client.message())
                    .startsWith("{\"op\":\"event\",\"stream\":\"room:order\",\"seq\":1,\"type\":\"note\",\"at\":\"")
                    .endsWith("\"data\":{\"n\": 1.10}}");
            assertThat(client.message()).contains("\"seq\":2,", "\"data\":[2]");
            EDGE.append("room:order", "note", "3");
            assertThat(client.message()).contains("\"seq\":3,", "\"data\":3}");
            client.text("{\"op\":\"unsubscribe\",\"id\":4,\"stream\":\"room:order\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":4}");
            EDGE.append("room:order", "note", "4");
            client.text("{\"op\":\"ping\",\"id\":5}");
            assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":5}");
        }
    }

    @Test
    void publishesAreAcknowledgedInOrderAndOnceForAKey() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "ann")) {
            IntStream.range(0, 100)
                    .forEach(i -> client.text("{\"op\":\"publish\",\"id\":" + i + ",\"stream\":\"room:pub-" + i % 3
                            + "\",\"type\":\"t\",\"data\":" + i + ",\"key\":\"k\\\"" + i + "\"}"));
            for (int i = 0; i < 100; i++) {
                assertThat(client.message())
                        .startsWith("{\"op\":\"ok\",\"id\":" + i + ",")
                        .contains("\"seq\":" + (i / 3 + 1), "\"repeated\":false");
            }
            client.text(
                    "{\"op\":\"publish\",\"id\":1,\"stream\":\"room:pub-0\",\"type\":\"t\",\"data\":0,\"key\":\"k\\\"0\"}");
            assertThat(client.message()).contains("\"seq\":1", "\"repeated\":true");
            assertThat(EDGE.charged)
                    .as("a repeat is not charged for")
                    .filteredOn(new StreamName("room:pub-0")::equals)
                    .hasSize(34);
            client.text("{\"op\":\"subscribe\",\"stream\":\"room:pub-0\",\"after\":33}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\"}");
            assertThat(client.message()).endsWith("\"data\":99,\"key\":\"k\\\"99\"}");
        }
    }

    @Test
    void aFeedBringsEverythingAndItsTokenResumesWithoutHoleOrRepeat() {
        String token;
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "feed1")) {
            client.text("{\"op\":\"follow\",\"id\":1}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            String position = client.message();
            assertThat(position).startsWith("{\"op\":\"position\",\"token\":\"");
            EDGE.append("user:feed1", "hi", "1");
            assertThat(client.message()).contains("user:feed1", "\"seq\":1,");
            token = position.substring(position.indexOf("token\":\"") + 8, position.length() - 2) + "~user:feed1@1";
        }
        EDGE.append("user:feed1", "hi", "2");
        EDGE.append("user:other", "hi", "2");
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "feed1")) {
            client.text("{\"op\":\"follow\",\"id\":1,\"token\":\"" + token + "\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            assertThat(client.message()).contains("user:feed1", "\"seq\":2,");
            client.text("{\"op\":\"follow\",\"id\":2,\"token\":\"" + token + "\"}");
            assertThat(client.messageWith(List.of("{\"op\":\"error\""))).contains("\"id\":2", "\"code\":\"conflict\"");
        }
    }

    @Test
    void aFeedThatCannotGoOnEndsTheConnectionSoThatItsClientComesAgain() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "defect")) {
            client.text("{\"op\":\"follow\",\"id\":1}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
            EDGE.append("user:defect", "hi", "1");
            assertThat(client.messageWith(List.of("{\"op\":\"error\"")))
                    .contains("\"code\":\"internal\"")
                    .doesNotContain("\"id\"");
            assertThat(client.messageWith(List.of("close"))).isEqualTo("close 1011");
        }
    }

    @Test
    void whoCouldNotBeCheckedAtFirstNeedNotSayAgainWhoItIs() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "late-ann")) {
            assertThat(client.message()).contains("\"code\":\"unavailable\"");
            client.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:1\"}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":1}");
        }
    }

    @Test
    void whoIsNotKnownCanOnlySayWhoItIs() {
        try (RawConnection client = new RawConnection(EDGE.port())) {
            client.send(RawConnection.handshake("/ws", ""));
            client.head();
            client.message();
            client.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"room:1\"}");
            assertThat(client.message()).contains("\"id\":1", "\"code\":\"unauthenticated\",\"number\":4201");
            client.text("{\"op\":\"auth\",\"id\":2,\"token\":\"bad\"}");
            assertThat(client.message()).contains("\"id\":2", "\"code\":\"unauthenticated\"");
            client.text("{\"op\":\"auth\",\"id\":3,\"token\":\"bob\"}");
            assertThat(client.message()).startsWith("{\"op\":\"ok\",\"id\":3,").contains("\"user\":\"bob\"");
            client.text("{\"op\":\"subscribe\",\"id\":4,\"stream\":\"user:ann\"}");
            assertThat(client.message()).contains("\"id\":4", "\"code\":\"forbidden\"");
            client.text("{\"op\":\"auth\",\"id\":5,\"token\":\"ann\"}");
            assertThat(client.message()).contains("\"id\":5", "\"code\":\"forbidden\"");
        }
    }

    @Test
    void whoShowsNothingIsSentAway() {
        try (TestEdge hasty = new TestEdge(
                        settings -> settings.withTimes(
                                EdgeSettings.Times.DEFAULT.withAuthentication(Duration.ofMillis(200))),
                        builder -> builder);
                RawConnection client = new RawConnection(hasty.port())) {
            client.send(RawConnection.handshake("/ws", ""));
            client.head();
            client.message();
            assertThat(client.message()).contains("\"code\":\"unauthenticated\"");
            assertThat(client.message()).isEqualTo("close 4201");
        }
    }

    @Tag("slow")
    @Test
    void aConnectionEndsWithItsTokenUnlessItIsRenewed() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "eve~5000");
                RawConnection renewed = RawConnection.webSocket(EDGE.port(), "eve~3000")) {
            renewed.text("{\"op\":\"auth\",\"id\":1,\"token\":\"eve\"}");
            assertThat(renewed.message()).contains("\"id\":1");
            assertThat(client.message()).contains("\"code\":\"token_expired\"");
            assertThat(client.message()).isEqualTo("close 4207");
            renewed.text("{\"op\":\"ping\"}");
            assertThat(renewed.message()).isEqualTo("{\"op\":\"pong\"}");
        }
    }

    @Test
    void aTokenThatIsALoginOfItsOwnDoesNotEndTheOneBeforeIt() {
        List<String> ended = new CopyOnWriteArrayList<>();
        try (TestEdge edge =
                new TestEdge(settings -> settings, builder -> builder.onDisconnect(who -> ended.add(who.session())))) {
            try (RawConnection client = RawConnection.webSocket(edge.port(), "ann")) {
                client.text("{\"op\":\"auth\",\"id\":1,\"token\":\"ann~600000\"}");
                assertThat(client.message()).startsWith("{\"op\":\"ok\",\"id\":1,");
                client.text("{\"op\":\"ping\",\"id\":2}");
                assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":2}");
                assertThat(ended).isEmpty();
            }

            Awaitility.await().until(() -> !ended.isEmpty());
            assertThat(ended).containsExactly("session-ann~600000");
        }
    }

    @Test
    void theConnectionsOfARevokedSessionAreCut() {
        try (RawConnection client = RawConnection.webSocket(EDGE.port(), "mal");
                RawConnection other = RawConnection.webSocket(EDGE.port(), "ok")) {
            client.text("{\"op\":\"ping\"}");
            other.text("{\"op\":\"ping\"}");
            client.message();
            other.message();
            EDGE.edge.revoke("session-mal");
            assertThat(client.message()).contains("\"code\":\"session_revoked\"");
            assertThat(client.message()).isEqualTo("close 4211");
            other.text("{\"op\":\"ping\"}");
            assertThat(other.message()).contains("pong");
        }
    }

    @Test
    void aClosedConnectionLeavesNothingBehind() {
        try (TestEdge edge = new TestEdge()) {
            try (RawConnection client = RawConnection.webSocket(edge.port(), "ann")) {
                client.text("{\"op\":\"subscribe\",\"stream\":\"room:gone\",\"after\":0}");
                client.message();
                assertThat(edge.metric("tutti.connections", "websocket")).isEqualTo(1);
                assertThat(edge.meters.get("tutti.stream.channels").gauge().value())
                        .isEqualTo(1);
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(edge.metric("tutti.connections", "websocket"))
                            .isZero());
            Awaitility.await()
                    .until(() ->
                            edge.meters.get("tutti.stream.channels").gauge().value() == 0);
        }
    }
}
