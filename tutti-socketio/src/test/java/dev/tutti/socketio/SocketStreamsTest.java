package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.stream.FollowToken;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams over sockets: history, then live, in order, once, over each transport. */
class SocketStreamsTest {
    private static final StreamName ROOM = new StreamName("room:1");

    private final Map<StreamName, Long> entitled = Map.of(ROOM, 0L, new StreamName("room:2"), 0L);
    private final RunningServer server =
            new RunningServer(io -> io.namespace("/").onConnection(socket -> {
                socket.on("subscribe", message -> {
                    socket.subscribe(new StreamName(message.text(0)), ((Number) message.as(1, Long.class)).longValue());
                    message.reply();
                });
                socket.on("unsubscribe", message -> {
                    socket.unsubscribe(new StreamName(message.text(0)));
                    message.reply();
                });
                socket.on("follow", message -> {
                    @Nullable String token = (String) message.arguments().getFirst();
                    socket.follow(entitlements(), token);
                    message.reply();
                });
            }));

    private Entitlements entitlements() {
        return () -> entitled;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void historyComesFirstAndThenWhatIsNew(String transports) throws Exception {
        append(ROOM, 1, 250);
        Socket client = server.client("/", Map.of(), transports.split(","));
        ReceivedEvents events = new ReceivedEvents(client, "event");
        ReceivedEvents connected = new ReceivedEvents(client, Socket.EVENT_CONNECT);
        client.connect();
        connected.next();

        SocketIoTest.ask(client, "subscribe", ROOM.value(), 100);
        append(ROOM, 251, 400);

        for (long seq = 101; seq <= 400; seq++) {
            JSONObject event = (JSONObject) events.next()[0];
            assertThat(event.getLong("seq")).isEqualTo(seq);
            assertThat(event.getString("stream")).isEqualTo("room:1");
            assertThat(event.getJSONObject("data").getLong("n")).isEqualTo(seq);
            assertThat(event.getString("key")).isEqualTo("k\"" + seq);
        }
    }

    @Test
    void anEventIsEncodedForItsNamespaceAndUnsubscribedStreamsAreSilent() throws Exception {
        Socket client = server.connected("websocket");
        ReceivedEvents events = new ReceivedEvents(client, "event");

        SocketIoTest.ask(client, "subscribe", ROOM.value(), 0);
        append(ROOM, 1, 1);
        events.next();
        SocketIoTest.ask(client, "unsubscribe", ROOM.value());
        append(ROOM, 2, 2);
        SocketIoTest.ask(client, "subscribe", ROOM.value(), 2);
        append(ROOM, 3, 3);

        assertThat(((JSONObject) events.next()[0]).getLong("seq")).isEqualTo(3);
    }

    @Test
    void aFeedIsResumedWithWhatTheClientPutTogetherAndMissesAndRepeatsNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        FollowToken.ResumeTokenBuilder resumeToken = new FollowToken.ResumeTokenBuilder(null);
        Set<String> seen = new HashSet<>();
        List<StreamName> streams = new ArrayList<>(entitled.keySet());
        Map<StreamName, Integer> appended = new java.util.HashMap<>(Map.of(streams.get(0), 0, streams.get(1), 0));
        @Nullable String token = null;
        int total = 0;
        for (int round = 0; round < 5; round++) {
            Socket client = server.client("/", Map.of(), random.nextBoolean() ? "polling" : "websocket");
            ReceivedEvents events = new ReceivedEvents(client, "event");
            ReceivedEvents positions = new ReceivedEvents(client, "position");
            ReceivedEvents connected = new ReceivedEvents(client, Socket.EVENT_CONNECT);
            client.connect();
            connected.next();
            SocketIoTest.ask(client, "follow", token == null ? JSONObject.NULL : token);
            if (token == null) {
                resumeToken.position((String) positions.next()[0]);
            }
            for (int i = 0; i < 50; i++) {
                StreamName stream = streams.get(random.nextInt(2));
                int n = appended.merge(stream, 1, Integer::sum);
                append(stream, n, n);
                total++;
            }
            int take = round == 4 ? total - seen.size() : random.nextInt(50);
            for (int i = 0; i < take; i++) {
                JSONObject event = (JSONObject) events.next()[0];
                assertThat(seen.add(event.getString("stream") + "@" + event.getLong("seq")))
                        .as("%s is new", event)
                        .isTrue();
                resumeToken.event(new StreamName(event.getString("stream")), event.getLong("seq"));
            }
            token = resumeToken.token();
            client.disconnect();
        }
        assertThat(seen).hasSize(total);
    }

    @Test
    void aGapIsToldBeforeWhatIsNewBehindIt() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int n = 1; !over.get(); n++) {
                server.tutti.streams().append(new Append(ROOM, "number", Json.of("{\"n\":" + n + "}"), "k" + n));
                LockSupport.parkNanos(100_000);
            }
        });
        Socket first = server.connected("websocket");
        ReceivedEvents positions = new ReceivedEvents(first, "position");
        SocketIoTest.ask(first, "follow", JSONObject.NULL);
        String position = (String) positions.next()[0];
        first.disconnect();
        try {
            for (int round = 0; round < 30; round++) {
                assertThatTheGapComesFirst(position + "~" + ROOM.value() + "@9999999");
            }
        } finally {
            over.set(true);
            writer.get(20, TimeUnit.SECONDS);
        }
    }

    private void assertThatTheGapComesFirst(String token) throws Exception {
        Socket client = server.client("/", Map.of(), "websocket");
        ReceivedEvents connected = new ReceivedEvents(client, Socket.EVENT_CONNECT);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        client.on("gap", _ -> heard.add("gap"));
        client.on("event", _ -> heard.add("event"));
        client.connect();
        connected.next();

        SocketIoTest.ask(client, "follow", token);

        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("gap");
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("event");
        client.disconnect();
    }

    private void append(StreamName stream, long from, long to) throws JSONException {
        for (long n = from; n <= to; n++) {
            server.tutti.streams().append(new Append(stream, "number", Json.of("{\"n\":" + n + "}"), "k\"" + n));
        }
    }
}
