package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.socket.ConnectRefusedException;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.AckWithTimeout;
import io.socket.client.Manager;
import io.socket.client.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The official Java client's own behaviours, over each transport: it has no retries, no volatile messages and no recovery
 * of its connection's state.
 */
class JavaClientTest {
    private static final String EACH = "{0}";
    private static final long SHORT_MILLIS = 300;
    private static final long SECONDS = 20;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final BlockingQueue<LocalSocket> sockets = new LinkedBlockingQueue<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final RunningServer server = new RunningServer(this::application);

    @AfterEach
    void stop() {
        server.close();
    }

    private void application(SocketIoServer io) {
        for (String name : List.of("/", "/other")) {
            io.namespace(name).onConnection(socket -> {
                sockets.add((LocalSocket) socket);
                socket.on("silent", message -> heard.add(message.text(0)));
                socket.on("say", message -> {
                    heard.add(message.text(0));
                    message.reply(name);
                });
            });
        }
        io.namespace("/guarded").use(socket -> {
            checks.incrementAndGet();
            if (!"right".equals(socket.handshake().auth().get("token"))) {
                throw new ConnectRefusedException("not on the list", Map.of("page", 3));
            }
        });
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aTimeOutTellsThatNobodyAnswers(String transport) throws Exception {
        Socket client = server.connected(transport);

        assertThat(answer(client, SHORT_MILLIS, "silent", "a handler that does not answer"))
                .isEqualTo("time-out");
        assertThat(answer(client, SHORT_MILLIS, "unknown", "no handler")).isEqualTo("time-out");
        assertThat(answer(client, SECONDS * 1_000, "say", "a handler that answers"))
                .isEqualTo("/");
        assertThat(heard).containsExactly("a handler that does not answer", "a handler that answers");
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void whatIsSentOfflineArrivesInOrderLater(String transport) throws Exception {
        Socket client = returning(server.client("/", Map.of(), transport));
        client.emit("say", "before the first connection");
        client.once(Socket.EVENT_DISCONNECT, _ -> {
            client.emit("say", "one");
            client.emit("say", "two");
        });
        client.connect();
        await().until(() -> heard.size() == 1);

        sockets.take().outbox().fail(ErrorCode.UNAVAILABLE, "the connection breaks");
        sockets.take();

        assertThat(answer(client, SECONDS * 1_000, "say", "connected again")).isEqualTo("/");
        assertThat(heard).containsExactly("before the first connection", "one", "two", "connected again");
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aRefusalComesWithItsDataAndIsFinalUntilTheApplicationTriesAgain(String transport) throws Exception {
        Map<String, String> auth = new HashMap<>(Map.of("token", "wrong"));
        Socket client = returning(server.client("/guarded", auth, transport));
        ReceivedEvents errors = new ReceivedEvents(client, Socket.EVENT_CONNECT_ERROR);
        ReceivedEvents connects = new ReceivedEvents(client, Socket.EVENT_CONNECT);

        client.connect();

        JSONObject refusal = (JSONObject) errors.next()[0];
        assertThat(refusal.getString("message")).isEqualTo("not on the list");
        assertThat(refusal.getJSONObject("data").getInt("page")).isEqualTo(3);
        assertThat(client.isActive()).isFalse();
        auth.put("token", "right");
        client.connect();
        connects.next();
        assertThat(checks).hasValue(2);
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void namespacesOfOneConnectionLiveOnWhenOneIsRefusedOrLeft(String transport) throws Exception {
        Socket main = server.client("/", Map.of(), transport);
        AtomicInteger connections = new AtomicInteger();
        main.io().on(Manager.EVENT_OPEN, _ -> connections.incrementAndGet());
        Socket guarded = main.io().socket("/guarded");
        Socket other = main.io().socket("/other");
        ReceivedEvents errors = new ReceivedEvents(guarded, Socket.EVENT_CONNECT_ERROR);

        List.of(main, guarded, other).forEach(Socket::connect);

        assertThat(((JSONObject) errors.next()[0]).getString("message")).isEqualTo("not on the list");
        assertThat(answer(main, SECONDS * 1_000, "say", "to main")).isEqualTo("/");
        assertThat(answer(other, SECONDS * 1_000, "say", "to other")).isEqualTo("/other");
        main.disconnect();
        assertThat(answer(other, SECONDS * 1_000, "say", "alone")).isEqualTo("/other");
        assertThat(connections).hasValue(1);
        other.disconnect();
    }

    private static Socket returning(Socket client) {
        client.io().reconnection(true).reconnectionDelay(10).randomizationFactor(0);
        return client;
    }

    private static String answer(Socket client, long millis, String event, String text) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        client.emit(event, new Object[] {text}, new AckWithTimeout(millis) {
            @Override
            public void onTimeout() {
                answer.complete("time-out");
            }

            @Override
            public void onSuccess(Object... values) {
                answer.complete(String.valueOf(values[0]));
            }
        });
        return answer.get(2 * SECONDS, TimeUnit.SECONDS);
    }
}
