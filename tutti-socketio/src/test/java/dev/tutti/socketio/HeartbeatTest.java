package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.TokenBucket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Who is silent is sent away; with a fast heartbeat. */
class HeartbeatTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final EdgeSettings.Times TIMES = EdgeSettings.Times.DEFAULT.withPing(Duration.ofMillis(300));

    private final RunningServer server = new RunningServer(
            EdgeSettings.DEFAULT.withTimes(TIMES),
            SocketIoSettings.DEFAULT.withPingTimeout(Duration.ofSeconds(5)).withConnectTimeout(Duration.ofSeconds(20)),
            io -> io.namespace("/"));
    private final EngineClient client = new EngineClient(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Tag("slow")
    @Test
    void aClientThatAnswersPingsStaysAndOneThatDoesNotGoes() throws Exception {
        String polling = client.open();
        EngineClient.Frames silent = client.webSocket("EIO=4&transport=websocket");
        for (int i = 0; i < 3; i++) {
            assertThat(client.get(polling).body()).isEqualTo("2");
            assertThat(client.post(polling, "3").statusCode()).isEqualTo(200);
        }

        assertThat(silent.nextWithPings()).startsWith("0");
        assertThat(silent.nextWithPings()).isEqualTo("2");
        assertThat(silent.nextWithPings()).isEqualTo("close 1006");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(client.post(polling, "4").statusCode()).isEqualTo(400));
        await().atMost(PATIENCE).until(() -> server.edge.connections() == 0);
    }

    @Test
    void aClientThatJoinsNoNamespaceIsSentAway() {
        try (RunningServer hasty = new RunningServer(
                        EdgeSettings.DEFAULT.withTimes(TIMES),
                        SocketIoSettings.DEFAULT
                                .withPingTimeout(Duration.ofSeconds(5))
                                .withConnectTimeout(Duration.ofSeconds(2)),
                        io -> io.namespace("/"));
                EngineClient raw = new EngineClient(hasty)) {
            EngineClient.Frames idle = raw.webSocket("EIO=4&transport=websocket");
            idle.next();

            assertThat(afterPongs(idle)).isEqualTo("close 1000");
        }
    }

    @Test
    void aClientThatIsRefusedAgainAndAgainIsSentAwayToo() {
        try (RunningServer hasty = new RunningServer(
                        EdgeSettings.DEFAULT.withTimes(TIMES),
                        SocketIoSettings.DEFAULT
                                .withPingTimeout(Duration.ofSeconds(5))
                                .withConnectTimeout(Duration.ofSeconds(2)),
                        io -> io.namespace("/").use(_ -> {
                            throw new TuttiException(ErrorCode.FORBIDDEN, "nobody is let in");
                        }));
                EngineClient raw = new EngineClient(hasty)) {
            EngineClient.Frames refused = raw.webSocket("EIO=4&transport=websocket");
            refused.next();
            String frame = refused.nextWithPings();
            for (int pings = 0; pings < 40 && !frame.startsWith("close"); frame = refused.nextWithPings()) {
                if (frame.equals("2")) { // more often than it may be in no namespace
                    pings++;
                    refused.sendIfOpen("3");
                    refused.sendIfOpen("40");
                }
            }

            assertThat(frame).isEqualTo("close 1000");
        }
    }

    @Tag("slow")
    @Test
    void aSilentPollingSessionIsUnknownAfterwardsWhateverWaitsInIt() throws Exception {
        String session = client.connect();
        await().atMost(PATIENCE).until(() -> server.edge.connections() == 0); // with the ping that nobody has fetched

        HttpResponse<String> late = client.get(session);

        assertThat(late.statusCode()).isEqualTo(400);
        assertThat(late.body()).isEqualTo("{\"code\":1,\"message\":\"Session ID unknown\"}");
    }

    @Test
    void aPingIsNotLate() {
        EngineClient.Frames socket = client.webSocket("EIO=4&transport=websocket");
        List<Long> lateness = new ArrayList<>();
        socket.next();
        long opened = System.nanoTime();
        for (int i = 0; i < 8; i++) {
            assertThat(socket.nextWithPings()).isEqualTo("2");
            long now = System.nanoTime();
            lateness.add(now - opened - TIMES.ping().toNanos());
            opened = now;
            socket.send("3");
        }
        // the quartile, because this machine may be busy for most of the time
        assertThat(lateness.stream().sorted().toList().get(2))
                .isLessThan(TIMES.ping().toNanos() / 5);
    }

    @Test
    void aClientThatCouldNotBeHeardForAWhileStays() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (RunningServer slow = new RunningServer(
                        EdgeSettings.DEFAULT.withTimes(EdgeSettings.Times.DEFAULT.withPing(Duration.ofMillis(300))),
                        SocketIoSettings.DEFAULT
                                .withPingTimeout(Duration.ofSeconds(2))
                                .withMaxWaiting(1),
                        io -> io.namespace("/")
                                .onConnection(socket -> socket.on("wait", message -> {
                                    go.await();
                                    message.reply("done");
                                })));
                EngineClient raw = new EngineClient(slow)) {
            EngineClient.Frames socket = raw.connectedWebSocket();
            socket.send("421[\"wait\"]");
            socket.send("422[\"wait\"]");
            for (int i = 0; i < 12; i++) { // the server reads nothing meanwhile, for longer than the time-out
                assertThat(socket.nextWithPings()).isEqualTo("2");
                socket.send("3");
            }
            go.countDown();
            assertThat(socket.next()).isEqualTo("431[\"done\"]");
            assertThat(socket.next()).isEqualTo("432[\"done\"]");
        }
    }

    @Tag("slow")
    @Test
    void aClientWhosePongLiesBehindWhatItMaySendLaterStays() {
        EdgeSettings edge = EdgeSettings.DEFAULT
                .withTimes(TIMES)
                .withSizes(new EdgeSettings.Sizes(8192, 16384, 512 * 1024))
                .withMessageRate(new TokenBucket.Rate(1, 10)); // 512 KiB at once, then 40 KiB each second
        try (RunningServer slow = new RunningServer(
                        edge,
                        SocketIoSettings.DEFAULT.withPingTimeout(Duration.ofSeconds(5)),
                        io -> io.namespace("/")
                                .onConnection(socket -> socket.on("take", message -> message.reply("taken"))));
                EngineClient raw = new EngineClient(slow)) {
            EngineClient.Frames socket = raw.connectedWebSocket();
            socket.send("421[\"take\",\"" + "x".repeat(500 * 1024) + "\"]");
            assertThat(afterPongs(socket)).isEqualTo("431[\"taken\"]");

            socket.send("422[\"take\",\"" + "x".repeat(400 * 1024) + "\"]"); // it is read for longer than the time-out
            assertThat(afterPongs(socket)).isEqualTo("432[\"taken\"]");
        }
    }

    /** The next frame that is no ping; each of these is answered. */
    private static String afterPongs(EngineClient.Frames socket) {
        String frame = socket.nextWithPings();
        while (frame.equals("2")) {
            socket.sendIfOpen("3");
            frame = socket.nextWithPings();
        }
        return frame;
    }
}
