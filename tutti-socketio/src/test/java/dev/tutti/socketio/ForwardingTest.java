package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.cluster.NodeTag;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long-polling whose requests come to any instance: the session lives at the first, others pass its requests on. */
class ForwardingTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String UNKNOWN = "Session ID unknown";

    private final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<DisconnectReason> ends = new LinkedBlockingQueue<>();
    private final SocketCluster cluster = new SocketCluster(
            2,
            EdgeSettings.DEFAULT,
            SocketIoSettings.DEFAULT,
            io -> io.namespace("/").onConnection(socket -> {
                socket.on(
                        "echo",
                        message -> socket.emit("echo", message.arguments().toArray()));
                socket.onDisconnect(ends::add);
                sockets.add(socket);
            }));
    private final EngineClient owner = new EngineClient(cluster.at(0));
    private final EngineClient other = new EngineClient(cluster.at(1));

    @AfterEach
    void stop() {
        owner.close();
        other.close();
        cluster.close();
    }

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

    @Test
    void aSessionOfADeadInstanceIsUnknown() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> poll = waiting(session);

        cluster.kill(0);

        assertThat(poll.get(30, TimeUnit.SECONDS).body()).contains(UNKNOWN);
        assertThat(other.get(session).body()).contains(UNKNOWN);
        assertThat(other.post(session, "42[\"echo\",1]").body()).contains(UNKNOWN);
    }

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
    void aPollThatABalancerSendsOnceMoreIsNotAnsweredBehindTheFirst() throws Exception {
        String session = owner.connect();
        var _ = waiting(session + "&t=one");
        holdWhatTheOtherHears();
        Socket socket = sockets.take();
        socket.emit("news", 1);
        await().atMost(LONG).until(() -> cluster.bus(1).waiting() == 1);
        socket.emit("news", 2);

        assertThat(owner.get(session + "&t=one").body()).contains(UNKNOWN);

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
        assertThat(owner.get(session + "&t=two").body()).contains(UNKNOWN);
    }

    @Test
    void withoutIdsNoPollIsAnsweredBehindOneWhoseAnswerWasNotWritten() throws Exception {
        String session = owner.connect();
        var _ = waiting(session);
        holdWhatTheOtherHears();
        Socket socket = sockets.take();
        socket.emit("news", 1);
        await().atMost(LONG).until(() -> cluster.bus(1).waiting() == 1);
        socket.emit("news", 2);

        assertThat(owner.get(session).body()).contains(UNKNOWN);

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
    }

    @Test
    void aClientThatGoesWhileItsAnswerIsOnTheWayEndsItsSession() throws Exception {
        String session = owner.connect();
        var _ = waiting(session);
        holdWhatTheOtherHears();
        sockets.take().emit("news", 1);
        await().atMost(LONG).until(() -> cluster.bus(1).waiting() == 1);

        other.close();

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
    }

    @Test
    void aPostThatComesTwiceTakesEffectOnce() throws Exception {
        String session = owner.connect();
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        sockets.take().on("count", message -> heard.add(message.arguments().getFirst()));
        assertThat(other.post(session + "&t=one", "42[\"count\",1]").body()).isEqualTo("ok");

        assertThat(owner.post(session + "&t=one", "42[\"count\",1]").body()).contains(UNKNOWN);

        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.TRANSPORT_CLOSED);
        assertThat(heard).hasSize(1);
    }

    @Test
    void requestsOfOneMomentMayShareItsTime() throws Exception {
        long now = System.currentTimeMillis();
        exchange(owner.connect() + "&t=" + now / 1_000);
        exchange(owner.connect() + "&t=" + Long.toString(now, 36));
    }

    private void exchange(String session) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(other.post(session, "42[\"echo\"," + i + "]").body()).isEqualTo("ok");
            assertThat(owner.get(session).body()).isEqualTo("42[\"echo\"," + i + "]");
        }
    }

    @Test
    void aPollThatComesOnceMoreAfterTheEndGetsNoFarewell() throws Exception {
        String session = owner.connect();
        var _ = waiting(session + "&t=one");
        holdWhatTheOtherHears();
        Socket socket = sockets.take();
        socket.emit("news", 1);
        await().atMost(LONG).until(() -> cluster.bus(1).waiting() == 1);
        socket.emit("news", 2);
        owner.post(session, "4".repeat(1_100_000));
        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.LIMIT);

        assertThat(owner.get(session + "&t=one").body()).contains(UNKNOWN);
    }

    @Test
    void theFarewellWaitsUntilTheAnswerBeforeItWasWritten() throws Exception {
        String session = owner.connect();
        CompletableFuture<HttpResponse<String>> poll = waiting(session);
        cluster.bus(0).hold(topic(0));
        Socket socket = sockets.take();
        socket.emit("news", 1);
        assertThat(poll.get(30, TimeUnit.SECONDS).body()).isEqualTo("42[\"news\",1]");
        socket.emit("news", 2);
        CompletableFuture<HttpResponse<String>> last = owner.getLater(session);
        owner.post(session, "4".repeat(1_100_000));
        assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo(DisconnectReason.LIMIT);

        cluster.bus(0).release();

        assertThat(last.get(30, TimeUnit.SECONDS).body()).isEqualTo("42[\"news\",2]\u001e1");
    }

    @Test
    void aClientMayGiveAllItsRequestsTheSameId() throws Exception {
        String session = owner.get("EIO=4&transport=polling&t=x")
                .body()
                .replaceAll(".*\"sid\":\"([^\"]+)\".*", "EIO=4&transport=polling&t=x&sid=$1");
        assertThat(other.post(session, "40").body()).isEqualTo("ok");
        assertThat(owner.get(session).body()).startsWith("40{\"sid\":");
        for (int i = 0; i < 3; i++) {
            assertThat(other.post(session, "42[\"echo\"," + i + "]").body()).isEqualTo("ok");
            assertThat(other.get(session).body()).isEqualTo("42[\"echo\"," + i + "]");
        }
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
                "%F0%9F%8E%BB",
                "");
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
                        EdgeSettings.DEFAULT.times(EdgeSettings.Times.DEFAULT.ping(Duration.ofMillis(200))),
                        SocketIoSettings.DEFAULT.pingTimeout(Duration.ofSeconds(20)),
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

    /** From now on nothing that the owner says reaches the instance that the client polls, as if that had died. */
    private void holdWhatTheOtherHears() {
        cluster.bus(1).hold(topic(1));
    }

    private String topic(int instance) {
        NodeTag tag = NodeTag.of(cluster.at(instance).tutti.members().self().process());
        return "engineio/@" + tag.value();
    }

    /** A poll that has reached the owner through the other instance, and waits. */
    private CompletableFuture<HttpResponse<String>> waiting(String session) {
        CompletableFuture<HttpResponse<String>> poll = other.getLater(session);
        await().atMost(LONG)
                .until(() -> cluster.at(0)
                                .tutti
                                .meters()
                                .get("tutti.polling.forwarded")
                                .gauge()
                                .value()
                        == 1);
        return poll;
    }
}
