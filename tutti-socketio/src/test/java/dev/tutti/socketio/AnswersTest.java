package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Answers;
import dev.tutti.socket.ConnectRefusedException;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.socketio.room.SocketOutbox;
import dev.tutti.stream.Json;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.client.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is acknowledged, by whom, and what the official client for Java makes of it, over each transport. */
class AnswersTest {
    private static final String EACH = "{0}";
    private static final byte[] BYTES = {1};

    /** Data that cannot be written. */
    @SuppressWarnings("UnusedMethod") // Jackson calls the accessor
    private record Broken(String value) {
        @Override
        public String value() {
            throw new IllegalStateException(value);
        }
    }

    private @Nullable RunningServer running;

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    private RunningServer start(Consumer<dev.tutti.socket.Socket> application) {
        RunningServer started = new RunningServer(io -> io.namespace("/").onConnection(application));
        running = started;
        return started;
    }

    /** A socket that comes back is connected some moments before its client has been told what it missed. */
    @Test
    void whoIsJustComingBackIsNotAskedWithTheOthers() throws Exception {
        BlockingQueue<dev.tutti.socket.Socket> sockets = new LinkedBlockingQueue<>();
        RunningServer server = start(sockets::add);
        Socket here = server.connected("websocket");
        here.on("ask", data -> ((Ack) data[0]).call("here"));
        sockets.take();
        server.connected("websocket").on("ask", data -> ((Ack) data[0]).call("back"));
        SocketOutbox outbox = ((LocalSocket) sockets.take()).outbox();

        outbox.hold();
        Answers without = ask(server);
        outbox.open();

        assertThat(without.complete()).isTrue();
        assertThat(without.answers().stream().map(List::getFirst)).containsExactly("here");
        assertThat(ask(server).answers().stream().map(List::getFirst)).containsExactlyInAnyOrder("here", "back");
    }

    private static Answers ask(RunningServer server) throws Exception {
        return server.namespace().emitWithAck(Duration.ofSeconds(5), "ask").get(20, TimeUnit.SECONDS);
    }

    /** What the client's own time-out of {@code millis} says: null if it came first. */
    private static Object @Nullable [] emit(Socket client, long millis, String event) throws Exception {
        CompletableFuture<Object @Nullable []> answer = new CompletableFuture<>();
        client.emit(event, new Object[0], new AckWithTimeout(millis) {
            @Override
            public void onTimeout() {
                answer.complete(null);
            }

            @Override
            public void onSuccess(Object... args) {
                answer.complete(args);
            }
        });
        return answer.get(millis + 20_000, TimeUnit.MILLISECONDS);
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void onlyTheApplicationAcknowledges(String transports) throws Exception {
        RunningServer server = start(socket -> socket.on("heard", _ -> {}).on("answered", message -> {
            message.reply("first");
            message.reply("second");
        }));
        Socket client = server.connected(transports.split(","));

        assertThat(emit(client, 300, "heard"))
                .as("a handler that does not reply")
                .isNull();
        assertThat(emit(client, 300, "unheard of"))
                .as("an event without a handler")
                .isNull();
        assertThat(emit(client, 20_000, "answered")).containsExactly("first");
    }

    @Test
    void theUnknownIsAnsweredInTheNamespaceThatSaysSoAndInNoOther() throws Exception {
        RunningServer server = new RunningServer(io -> {
            io.namespace("/").answerUnknown();
            io.namespace("/other");
        });
        running = server;
        Socket other = server.client("/other", Map.of(), "websocket");
        ReceivedEvents connected = new ReceivedEvents(other, Socket.EVENT_CONNECT);
        other.connect();
        connected.next();

        assertThat(error(SocketIoTest.ask(server.connected("websocket"), "unheard of")))
                .isEqualTo("not_found");
        assertThat(emit(other, 300, "unheard of")).isNull();
    }

    @Test
    void anErrorThatAHandlerThrowsIsItsAnswerAndTheNextMessageIsHandled() throws Exception {
        RunningServer server = start(socket -> socket.on("deep", _ -> {
                    throw new StackOverflowError();
                })
                .on("well", message -> message.reply("yes")));
        Socket client = server.connected("websocket");

        assertThat(error(SocketIoTest.ask(client, "deep"))).isEqualTo("internal");
        assertThat(SocketIoTest.ask(client, "well")[0]).isEqualTo("yes");
    }

    @Test
    void aReplyThatCannotBeReadIsTheHandlersFailureAndNotTheClientsEnd() throws Exception {
        RunningServer server = start(socket -> socket.on("many", message -> message.reply(arrays(11)))
                .on("false", message -> message.reply(BYTES, Map.of("_placeholder", true, "num", 5)))
                .on("most", message -> message.reply(arrays(10))));
        Socket client = server.connected("websocket");

        assertThat(error(SocketIoTest.ask(client, "many"))).isEqualTo("bad_request");
        assertThat(error(SocketIoTest.ask(client, "false"))).isEqualTo("bad_request");
        assertThat(SocketIoTest.ask(client, "most")).hasSize(10);
    }

    @Test
    void whatNoClientCanReadIsRefusedToWhoSendsIt() {
        RunningServer server = start(_ -> {});
        Consumer<Runnable> refused = send -> assertThatThrownBy(send::run)
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST));

        for (String reserved :
                List.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener")) {
            refused.accept(() -> server.namespace().emit(reserved));
        }
        refused.accept(() -> server.namespace().emit("a", arrays(11)));
        refused.accept(() -> server.namespace().emit("a", Json.of("{\"a\":")));
        refused.accept(() -> server.namespace().emit("a", Json.of("1 2")));
        refused.accept(() -> server.namespace().emit("a", Json.of("")));
        refused.accept(() -> server.namespace().to("room").emit("a", BYTES, Json.of("{\"_placeholder\":true}")));
        server.namespace().emit("a", Json.of("{\"_placeholder\":true}"));
        server.namespace().emit("a", arrays(10));
    }

    @Test
    void attachmentsAreTakenUpToTenFromClientsAndOneMoreIsAnswered() throws Exception {
        RunningServer server = start(socket -> socket.on("bytes", message -> {
            socket.emit("back", message.arguments().toArray());
            message.reply(message.arguments().size());
        }));
        Socket client = server.connected("websocket");
        ReceivedEvents back = new ReceivedEvents(client, "back");

        assertThat(SocketIoTest.ask(client, "bytes", arrays(10))[0]).isEqualTo(10);
        assertThat(back.next()).hasSize(10);
        assertThat(error(SocketIoTest.ask(client, "bytes", arrays(11)))).isEqualTo("bad_request");
        assertThat(client.connected()).isTrue();
    }

    @Test
    void numbersAreNamesOfEvents() {
        RunningServer server = start(socket ->
                socket.on("7", message -> message.reply("seven")).on("1.5", message -> message.reply(message.event())));
        try (EngineClient raw = new EngineClient(server)) {
            EngineClient.Frames socket = raw.connectedWebSocket();
            socket.send("421[7]");
            assertThat(socket.next()).isEqualTo("431[\"seven\"]");
            socket.send("422[7.0]");
            assertThat(socket.next()).isEqualTo("432[\"seven\"]");
            socket.send("423[1.5]");
            assertThat(socket.next()).isEqualTo("433[\"1.5\"]");
        }
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aRefusalCarriesTheMessageAndTheDataOfTheApplication(String transport) throws JSONException {
        RunningServer server = new RunningServer(io -> {
            io.namespace("/").use(_ -> {
                throw new ConnectRefusedException("not authorized", Map.of("content", "come back on Monday"));
            });
            io.namespace("/bare").use(_ -> {
                throw new ConnectRefusedException("no", null);
            });
            io.namespace("/broken").use(_ -> {
                throw new ConnectRefusedException("no", new Broken(""));
            });
        });
        running = server;
        JSONObject error = refusal(server, "/", transport);
        assertThat(error.getString("message")).isEqualTo("not authorized");
        assertThat(error.getJSONObject("data").toString()).isEqualTo("{\"content\":\"come back on Monday\"}");
        assertThat(refusal(server, "/bare", transport).toString()).isEqualTo("{\"message\":\"no\"}");
        assertThat(refusal(server, "/broken", transport).getString("message")).contains("incident");
    }

    private static JSONObject refusal(RunningServer server, String namespace, String transport) {
        Socket client = server.client(namespace, Map.of(), transport);
        ReceivedEvents errors = new ReceivedEvents(client, Socket.EVENT_CONNECT_ERROR);
        client.connect();
        return (JSONObject) errors.next()[0];
    }

    private static Object[] arrays(int count) {
        return Collections.nCopies(count, BYTES).toArray();
    }

    private static String error(Object[] answer) throws JSONException {
        return ((JSONObject) answer[0]).getJSONObject("error").getString("code");
    }
}
