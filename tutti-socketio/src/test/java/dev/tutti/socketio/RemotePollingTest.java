package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.NodeTag;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.testkit.client.RawConnection;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long-polling whose requests come to any instance: the session lives at the first, others pass its requests on. */
class RemotePollingTest extends PolledInstances {
    @Test
    void requestsMayComeToInstancesInTurn() throws Exception {
        String session = owner.open();
        assertThat(other.post(session, "40").body()).isEqualTo("ok");
        assertThat(owner.get(session).body()).startsWith("40{\"sid\":");
        for (int i = 0; i < 20; i++) {
            EngineClient sender = i % 2 == 0 ? owner : other;
            EngineClient reader = i % 4 < 2 ? owner : other;
            assertThat(sender.post(session, "42[\"echo\"," + i + "]").body()).isEqualTo("ok");
            assertThat(reader.get(session).body()).isEqualTo("42[\"echo\"," + i + "]");
        }
        assertThat(sockets).hasSize(1);
        assertThat(cluster.at(0).edge.connections()).isEqualTo(1);
        assertThat(cluster.at(1).edge.connections()).isZero();
    }

    @Test
    void aPollThatWaitsAtAnotherInstanceIsAnsweredWhenThereIsSomething() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> poll = waiting(session);

        sockets.take().emit("news", 1);

        HttpResponse<String> answer = poll.get(30, TimeUnit.SECONDS);
        assertThat(answer.body()).isEqualTo("42[\"news\",1]");
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
        assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    }

    @Test
    void largePayloadsGoBothWays() throws Exception {
        String session = owner.connect();
        String large = "x".repeat(900_000);

        assertThat(other.post(session, "42[\"echo\",\"" + large + "\"]").body()).isEqualTo("ok");

        assertThat(other.get(session).body()).isEqualTo("42[\"echo\",\"" + large + "\"]");
    }

    @Test
    void aLargeMessageMayHaveAnotherBehindIt() throws Exception {
        String session = owner.connect();
        String large = "42[\"echo\",\"" + "x".repeat(100_000) + "\"]";

        assertThat(owner.post(session, large + '\u001e' + "42[\"echo\",1]").body())
                .isEqualTo("ok");

        StringBuilder heard = new StringBuilder();
        while (!heard.toString().endsWith("1]")) {
            heard.append(owner.get(session).body());
        }
        assertThat(heard.toString().replace("\u001e", "")).isEqualTo(large + "42[\"echo\",1]");
    }

    @Test
    void aBodyThatIsTooLargeClosesTheSession() throws Exception {
        String session = owner.connect();

        assertThat(other.post(session, "4".repeat(1_100_000)).statusCode()).isEqualTo(413);

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.LIMIT);
        await().atMost(LONG).until(() -> forwarded() == 0);
    }

    @Test
    void aBodyThatBreaksOffClosesTheSessionAndNothingOfItStays() throws Exception {
        String session = owner.connect();
        try (RawConnection client = new RawConnection(cluster.at(1).edge.port())) {
            client.send("POST /socket.io/?" + session + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n42[");
        }

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
        await().atMost(LONG).until(() -> forwarded() == 0);
    }

    @Test
    void overlappingPollsAtDifferentInstancesCloseTheSession() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> first = waiting(session);

        HttpResponse<String> second = owner.get(session);

        assertThat(second.body()).contains("\"code\":3");
        assertThat(first.get(30, TimeUnit.SECONDS).body()).isEqualTo("1");
        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.PROTOCOL_ERROR);
        assertThat(other.get(session).body()).contains(UNKNOWN);
    }

    @Test
    void anInvalidPayloadIsRefusedAsTheOwnerWould() throws Exception {
        String session = owner.connect();

        assertThat(other.post(session, "abc").body()).contains("\"code\":3");

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.PROTOCOL_ERROR);
    }

    @Test
    void theOwnerIsToldWhenAWaitingClientGoes() throws Exception {
        String session = owner.connect();
        var _ = waiting(session);

        other.close();

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
        await().atMost(LONG).until(() -> cluster.at(0).edge.connections() == 0);
    }

    @Test
    void anInstanceThatLeavesLetsTheClientPollElsewhere() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> poll = waiting(session);

        cluster.at(1).edge.drain(Duration.ZERO, Duration.ofSeconds(20));

        assertThat(poll.get(30, TimeUnit.SECONDS).body()).isEqualTo("6");
        sockets.take().emit("news", 1);
        assertThat(owner.get(session).body()).isEqualTo("42[\"news\",1]");
    }

    @Test
    void anOwnerThatLeavesSaysGoodbyeThroughOthers() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> poll = waiting(session);

        cluster.at(0).edge.drain(Duration.ZERO, Duration.ofSeconds(20));

        assertThat(poll.get(30, TimeUnit.SECONDS).body()).isEqualTo("1");
        assertThat(other.get(session).body()).contains(UNKNOWN);
    }

    @Tag("slow")
    @Test
    void aSessionOfADeadInstanceIsUnknown() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> poll = waiting(session);

        cluster.kill(0);

        assertThat(poll.get(30, TimeUnit.SECONDS).body()).contains(UNKNOWN);
        assertThat(other.get(session).body()).contains(UNKNOWN);
        assertThat(other.post(session, "42[\"echo\",1]").body()).contains(UNKNOWN);
    }

    @Tag("slow")
    @Test
    void aClientOfAnInstanceThatDiesEndsItsSession() throws Exception {
        String session = owner.connect();
        var _ = waiting(session);

        cluster.kill(1);

        assertThat(ends.poll(30, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
    }

    @Test
    void anUpgradeAtAnotherInstanceIsRefusedAndThePollingSessionGoesOn() throws Exception {
        String session = owner.connect();

        assertThatThrownBy(() -> other.webSocket(session.replace("polling", "websocket")))
                .rootCause()
                .hasMessageContaining("404");

        assertThat(other.post(session, "42[\"echo\",1]").body()).isEqualTo("ok");
        assertThat(other.get(session).body()).isEqualTo("42[\"echo\",1]");
        EngineClient.Frames socket = owner.webSocket(session.replace("polling", "websocket"));
        socket.send("2probe");
        assertThat(socket.next()).isEqualTo("3probe");
        socket.send("5");
        sockets.take().emit("news", 1);
        assertThat(socket.next()).isEqualTo("42[\"news\",1]");
        assertThat(other.get(session).body()).contains("\"code\":3");
    }

    @Test
    void aLargeBodyForAnIdThatNobodyMadeIsNotWaitedForNorSentOn() throws Exception {
        String session = owner.open();
        String query = "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA" + session.substring(session.length() - 8);
        try (RawConnection client = new RawConnection(cluster.at(1).edge.port())) {
            client.send("POST /socket.io/?" + query + " HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n4");

            assertThat(client.answer()).startsWith("HTTP/1.1 400").contains(UNKNOWN);
        }
        assertThat(owner.post(session, "40").body()).isEqualTo("ok");
    }

    @Test
    void aStrangerMayNotSendMuchThroughOthersEither() throws Exception {
        String session = owner.open();

        assertThat(other.post(session, "4".repeat(100_000)).statusCode()).isEqualTo(413);

        await().atMost(LONG).until(() -> forwarded() == 0);
    }

    static Stream<String> strangeSids() {
        String tag = NodeTag.of(UUID.randomUUID()).value();
        return Stream.of(
                "AAAAAAAAAAAAAAAAAAAA" + tag,
                "AAAAAAAAAAAAAAAAAAAA%00%00%00%00%00%00%00%00",
                "AAAAAAAAAAAAAAAAAAA" + tag,
                "AAAAAAAAAAAAAAAAAAAAA" + tag,
                "A".repeat(4_000),
                tag,
                "%F0%9F%8E%BB");
    }

    @ParameterizedTest
    @MethodSource("strangeSids")
    void anIdThatNobodyMadeIsUnknown(String sid) throws Exception {
        String query = "EIO=4&transport=polling&sid=" + sid;

        assertThat(owner.get(query).body()).contains(UNKNOWN);
        assertThat(owner.post(query, "42[\"echo\",1]").body()).contains(UNKNOWN);
    }

    @Test
    void anIdWithAnOwnersTagThatItDidNotMakeIsUnknown() throws Exception {
        String session = owner.open();
        String tag = session.substring(session.length() - 8);
        String query = "EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA" + tag;

        for (EngineClient client : new EngineClient[] {owner, other}) {
            assertThat(client.get(query).body()).contains(UNKNOWN);
            assertThat(client.post(query, "4".repeat(100_000)).body()).contains(UNKNOWN);
            assertThat(client.send("PUT", query, "x").body()).contains("\"code\":");
        }
        assertThat(other.post(session, "40").body()).isEqualTo("ok");
    }

    @Test
    void pingsKeepASessionAliveThroughOthers() throws Exception {
        try (SocketCluster fast = new SocketCluster(
                        2,
                        EdgeSettings.DEFAULT.withTimes(EdgeSettings.Times.DEFAULT.withPing(Duration.ofMillis(200))),
                        SocketIoSettings.DEFAULT.withPingTimeout(Duration.ofSeconds(20)),
                        io -> io.namespace("/"));
                EngineClient first = new EngineClient(fast.at(0));
                EngineClient second = new EngineClient(fast.at(1))) {
            String session = first.connect(); // which may have brought the first ping already
            int pings = 0;
            while (pings < 5) {
                assertThat(second.post(session, "3").body()).isEqualTo("ok");
                HttpResponse<String> answer = second.get(session);
                assertThat(answer.statusCode()).isEqualTo(200);
                pings += List.of(answer.body().split("\u001e")).contains("2") ? 1 : 0;
            }
        }
    }
}
