package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Message;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Ack;
import io.socket.client.AckWithTimeout;
import io.socket.client.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server with the official Java client, over each transport, and over the upgrade from one to the other. */
class SocketIoTest {
    private static final String EACH = "{0}";
    private static final long SECONDS = 20;

    private @Nullable RunningServer running;

    @AfterEach
    void stop() {
        if (running != null) {
            running.close();
        }
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void messagesGoBothWaysWithAcknowledgements(String transports) throws Exception {
        RunningServer server = start(io -> io.namespace("/")
                .onConnection(socket -> socket.on("greet", message -> {
                    message.reply(
                            "hello " + message.text(0), message.arguments().get(1));
                    socket.emit("greeted", message.text(0), Map.of("by", List.of(1, true)));
                })));
        Socket client = server.connected(transports.split(","));
        ReceivedEvents greeted = new ReceivedEvents(client, "greeted");

        Object[] answer = ask(client, "greet", "Ada", new JSONObject().put("n", 7));

        assertThat(answer[0]).isEqualTo("hello Ada");
        assertThat(((JSONObject) answer[1]).getInt("n")).isEqualTo(7);
        Object[] message = greeted.next();
        assertThat(message[0]).isEqualTo("Ada");
        assertThat(((JSONObject) message[1]).getJSONArray("by").getBoolean(1)).isTrue();
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void bytesGoBothWaysNestedInOtherThings(String transports) throws Exception {
        BlockingQueue<Message> heard = new LinkedBlockingQueue<>();
        RunningServer server = start(io -> io.namespace("/")
                .onConnection(socket -> socket.on("bytes", message -> {
                    heard.add(message);
                    message.reply(Map.of("deep", List.of(new byte[] {9, 8})));
                    socket.emit("back", new byte[] {1}, Map.of("more", new byte[] {2, 3}));
                })));
        Socket client = server.connected(transports.split(","));
        ReceivedEvents back = new ReceivedEvents(client, "back");

        Object[] answer = ask(
                client, "bytes", new byte[] {1, 2, 3}, new JSONObject().put("inner", new JSONArray().put(new byte[] {4
                                })));

        Message message = heard.take();
        assertThat(message.arguments().getFirst()).isEqualTo(new byte[] {1, 2, 3});
        Map<?, ?> object = (Map<?, ?>) message.arguments().get(1);
        assertThat(object.get("inner"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(new byte[] {4});
        assertThat(((JSONObject) answer[0]).getJSONArray("deep").get(0)).isEqualTo(new byte[] {9, 8});
        Object[] returned = back.next();
        assertThat(returned[0]).isEqualTo(new byte[] {1});
        assertThat(((JSONObject) returned[1]).get("more")).isEqualTo(new byte[] {2, 3});
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void aThousandMessagesArriveInOrderAcrossTheUpgrade(String transports) {
        int count = 1_000;
        RunningServer server = start(io -> io.namespace("/").onConnection(socket -> {
            for (int i = 0; i < count; i++) {
                socket.emit("n", i);
            }
        }));
        Socket client = server.client("/", Map.of(), transports.split(","));
        ReceivedEvents numbers = new ReceivedEvents(client, "n");

        client.connect();

        for (int i = 0; i < count; i++) {
            assertThat(numbers.next()[0]).isEqualTo(i);
        }
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket", "polling,websocket"})
    void aClientsMessagesAreHandledInOrderOneAtATime(String transports) {
        int count = 500;
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        RunningServer server = start(io -> io.namespace("/")
                .onConnection(socket ->
                        socket.on("n", message -> heard.add(message.arguments().getFirst()))));
        Socket client = server.connected(transports.split(","));

        for (int i = 0; i < count; i++) {
            client.emit("n", i);
        }

        await().atMost(Duration.ofSeconds(SECONDS)).until(() -> heard.size() == count);
        assertThat(heard)
                .containsExactlyElementsOf(
                        java.util.stream.IntStream.range(0, count).boxed().toList());
    }

    @Test
    void theServerCallsTheClientAndWaitsForItsAnswer() throws Exception {
        BlockingQueue<CompletableFuture<List<@Nullable Object>>> answers = new LinkedBlockingQueue<>();
        RunningServer server = start(io -> io.namespace("/").onConnection(socket -> {
            answers.add(socket.emitWithAck(Duration.ofSeconds(SECONDS), "ask", 20));
            answers.add(socket.emitWithAck(Duration.ofMillis(100), "silence"));
            answers.add(socket.emitWithAck(Duration.ofMinutes(10), "silence"));
        }));
        Socket client = server.client("/", Map.of(), "websocket");
        client.on("ask", data -> ((Ack) data[1]).call((Integer) data[0] + 1, new byte[] {5}));

        client.connect();

        List<@Nullable Object> answer = answers.take().get(SECONDS, TimeUnit.SECONDS);
        assertThat(answer.get(0)).isEqualTo(21);
        assertThat(answer.get(1)).isEqualTo(new byte[] {5});
        assertThatThrownBy(answers.take()::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TuttiException.class, late -> assertThat(late.code()).isEqualTo(ErrorCode.TIMEOUT));
        client.disconnect();
        assertThatThrownBy(answers.take()::join)
                .cause()
                .isInstanceOfSatisfying(
                        TuttiException.class, gone -> assertThat(gone.code()).isEqualTo(ErrorCode.GOING_AWAY));
    }

    @Test
    void aHandlerWaitsForTheClientsAnswerWithoutBlockingItself() throws Exception {
        RunningServer server = start(io -> io.namespace("/")
                .onConnection(socket -> socket.on("start", message -> {
                    Object answer = socket.emitWithAck(Duration.ofSeconds(SECONDS), "ask")
                            .join()
                            .getFirst();
                    message.reply("client said " + answer);
                })));
        Socket client = server.connected("websocket");
        client.on("ask", data -> ((Ack) data[0]).call("yes"));

        assertThat(ask(client, "start")[0]).isEqualTo("client said yes");
    }

    @Test
    void aHandlersFailureIsToldToWhoeverWaitsForAnAnswer() throws Exception {
        RunningServer server = start(io -> io.namespace("/").onConnection(socket -> {
            socket.on("known", _ -> {
                throw new TuttiException(ErrorCode.CONFLICT, "taken", Duration.ofSeconds(3));
            });
            socket.on("defect", _ -> {
                throw new IllegalStateException("secret detail");
            });
        }));
        Socket client = server.connected("websocket");

        JSONObject known = error(ask(client, "known"));
        assertThat(known.getString("code")).isEqualTo("conflict");
        assertThat(known.getInt("number")).isEqualTo(4205);
        assertThat(known.getInt("retryAfterMs")).isEqualTo(3000);
        assertThat(error(ask(client, "defect")).toString()).contains("internal").doesNotContain("secret");
    }

    @ParameterizedTest(name = EACH)
    @ValueSource(strings = {"polling", "websocket"})
    void aMiddlewareRefusesWithDataAndLetsOthersIn(String transport) throws JSONException {
        RunningServer server = start(io -> io.namespace("/").use(socket -> {
            if (!"right".equals(socket.handshake().auth().get("token"))) {
                throw new TuttiException(ErrorCode.UNAUTHENTICATED, "who are you");
            }
        }));
        Socket refused = server.client("/", Map.of("token", "wrong"), transport);
        ReceivedEvents errors = new ReceivedEvents(refused, Socket.EVENT_CONNECT_ERROR);
        Socket admitted = server.client("/", Map.of("token", "right"), transport);
        ReceivedEvents connects = new ReceivedEvents(admitted, Socket.EVENT_CONNECT);

        refused.connect();
        admitted.connect();

        JSONObject error = (JSONObject) errors.next()[0];
        assertThat(error.getString("message")).isEqualTo("who are you");
        assertThat(error.getJSONObject("data").getString("code")).isEqualTo("unauthenticated");
        assertThat(error.getJSONObject("data").getInt("number")).isEqualTo(4201);
        connects.next();
        assertThat(server.namespace().sockets()).hasSize(1);
    }

    @Test
    void namespacesShareAConnectionAndNothingElse() throws Exception {
        RunningServer server = start(io -> {
            io.namespace("/").onConnection(socket -> socket.on("where", message -> message.reply("main")));
            io.namespace("/admin").onConnection(socket -> socket.on("where", message -> message.reply("admin")));
        });
        Socket main = server.connected("websocket");
        Socket admin = main.io().socket("/admin");
        ReceivedEvents connects = new ReceivedEvents(admin, Socket.EVENT_CONNECT);
        admin.connect();
        connects.next();
        ReceivedEvents news = new ReceivedEvents(main, "news");
        ReceivedEvents adminNews = new ReceivedEvents(admin, "news");

        assertThat(ask(main, "where")[0]).isEqualTo("main");
        assertThat(ask(admin, "where")[0]).isEqualTo("admin");
        server.server.namespace("/admin").emit("news", "for admins");
        assertThat(adminNews.next()[0]).isEqualTo("for admins");
        assertThat(news.size()).isZero();
        assertThat(server.edge.connections()).isEqualTo(1);
    }

    @Test
    void anUnknownNamespaceIsRefused() throws JSONException {
        RunningServer server = start(_ -> {});
        Socket client = server.client("/nowhere", Map.of(), "websocket");
        ReceivedEvents errors = new ReceivedEvents(client, Socket.EVENT_CONNECT_ERROR);

        client.connect();

        assertThat(((JSONObject) errors.next()[0]).getString("message")).isEqualTo("Invalid namespace");
    }

    @Test
    void disconnectsTellTheirReasonOnBothSides() throws Exception {
        BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
        RunningServer server = start(io -> io.namespace("/").onConnection(socket -> {
            socket.onDisconnect(reasons::add);
            socket.on("throw me out", _ -> socket.disconnect());
        }));
        Socket leaving = server.connected("websocket");
        leaving.disconnect();
        assertThat(reasons.take()).isEqualTo(DisconnectReason.CLIENT);

        for (String transport : List.of("websocket", "polling")) {
            Socket thrownOut = server.connected(transport);
            ReceivedEvents told = new ReceivedEvents(thrownOut, Socket.EVENT_DISCONNECT);
            thrownOut.emit("throw me out");
            assertThat(told.next()[0]).isEqualTo("io server disconnect");
            assertThat(reasons.take()).isEqualTo(DisconnectReason.SERVER);
        }
        await().until(() -> server.edge.connections() == 0);
    }

    @Test
    void theDisconnectHandlerComesAfterTheLastMessage() throws Exception {
        BlockingQueue<String> order = new LinkedBlockingQueue<>();
        CountDownLatch gone = new CountDownLatch(1);
        RunningServer server = start(io -> io.namespace("/").onConnection(socket -> {
            socket.on("slow", _ -> {
                gone.await();
                order.add("message");
            });
            socket.onDisconnect(_ -> order.add("disconnect"));
        }));
        Socket client = server.connected("websocket");

        client.emit("slow");
        client.emit("slow");
        client.disconnect();
        await().until(() -> server.namespace().sockets().isEmpty());
        gone.countDown();

        assertThat(order.take()).isEqualTo("message");
        assertThat(order.take()).isEqualTo("message");
        assertThat(order.take()).isEqualTo("disconnect");
    }

    private RunningServer start(Consumer<SocketIoServer> application) {
        RunningServer started = new RunningServer(io -> {
            io.namespace("/");
            application.accept(io);
        });
        running = started;
        return started;
    }

    static Object[] ask(Socket client, String event, Object... data) throws Exception {
        CompletableFuture<Object[]> answer = new CompletableFuture<>();
        client.emit(event, data, new AckWithTimeout(SECONDS * 1000) {
            @Override
            public void onTimeout() {
                answer.completeExceptionally(new AssertionError("no acknowledgement of " + event));
            }

            @Override
            public void onSuccess(Object... args) {
                answer.complete(args);
            }
        });
        return answer.get(SECONDS, TimeUnit.SECONDS);
    }

    private static JSONObject error(Object[] answer) throws JSONException {
        return ((JSONObject) answer[0]).getJSONObject("error");
    }
}
