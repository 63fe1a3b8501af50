package dev.tutti.server.proof.crash;

import dev.tutti.server.proof.Account;
import dev.tutti.server.proof.Api;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A small client of {@code /ws}: follows the feed with a resume token, subscribes to a room with a cursor, publishes to the
 * room, and sends chat messages by REST.
 */
final class WebSocketCrashClient implements CrashClient {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Api api;
    private final URI address;
    private final Account account;
    private final List<String> streams;
    private final String room;
    private final Seen seen;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Map<Long, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();
    private final Thread driver;
    private volatile boolean closed;
    private volatile @Nullable Connection current;
    private long requests;

    /** One that speaks in {@code streams}, of which {@code room} is not a conversation. */
    WebSocketCrashClient(Api api, Account account, List<String> streams, String room, Seen seen) {
        this.api = api;
        this.address = URI.create(api.address().toString().replaceFirst("http", "ws") + "/ws");
        this.account = account;
        this.streams = streams;
        this.room = room;
        this.seen = seen;
        this.driver = Thread.ofVirtual().unstarted(this::stayConnected);
    }

    void open() {
        driver.start();
    }

    private void stayConnected() {
        while (!closed) {
            Connection connection = new Connection(seen.connect());
            try {
                connection.run();
            } catch (CompletionException notNow) {
                // the server is down, or going down; what it did not answer is unknown
            }
            current = null;
            waiting.values().forEach(answer -> answer.complete(new Outcome.Unknown()));
            waiting.clear();
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public Outcome send(String stream, String id) throws InterruptedException {
        return stream.equals(room) ? publish(id) : post(stream, id);
    }

    private Outcome publish(String id) {
        Connection connection = current;
        if (connection == null) {
            return new Outcome.Refused("not connected");
        }
        long request = nextRequest();
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        waiting.put(request, answer);
        connection.say(Map.of(
                "op",
                "publish",
                "id",
                request,
                "stream",
                room,
                "type",
                "said",
                "data",
                id,
                "key",
                account.id() + "." + id));
        answer.completeOnTimeout(new Outcome.Unknown(), PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        Outcome outcome = answer.join();
        waiting.remove(request);
        return outcome;
    }

    private Outcome post(String stream, String id) throws InterruptedException {
        try {
            String conversation = stream.substring("conversation:".length());
            Api.Answer answer = api.send(
                    "POST",
                    "/api/conversations/" + conversation + "/messages",
                    account,
                    Map.of("id", id, "text", "message " + id));
            return answer.status() / 100 == 2
                    ? new Outcome.Acknowledged(answer.body().path("seq").asLong())
                    : Outcome.of(answer.body().path("error"));
        } catch (IOException broken) {
            return new Outcome.Unknown();
        }
    }

    private synchronized long nextRequest() {
        return ++requests;
    }

    @Override
    public String key(Account account, String stream, String id) {
        return account.id() + "." + id;
    }

    @Override
    public List<String> streams() {
        return streams;
    }

    @Override
    public Seen seen() {
        return seen;
    }

    @Override
    public void close() {
        closed = true;
        Connection connection = current;
        if (connection != null) {
            connection.abort();
        }
        driver.interrupt();
        http.shutdownNow();
    }

    /** One WebSocket, from its opening to its end. */
    private final class Connection implements WebSocket.Listener {
        private final int number;
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private @Nullable WebSocket socket;
        private CompletionStage<?> said = CompletableFuture.completedFuture(null);

        Connection(int number) {
            this.number = number;
        }

        void run() {
            WebSocket opened = http.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + account.token())
                    .buildAsync(address, this)
                    .join();
            synchronized (this) {
                socket = opened;
            }
            Map<String, Object> follow = new HashMap<>(Map.of("op", "follow", "id", nextRequest()));
            String token = seen.token();
            if (token != null) {
                follow.put("token", token);
            }
            say(follow);
            say(Map.of("op", "subscribe", "id", nextRequest(), "stream", room, "after", seen.last(room)));
            current = this;
            ended.join();
        }

        /** Sends one message behind those before. */
        synchronized void say(Map<String, Object> message) {
            WebSocket open = socket;
            if (open != null) {
                String json = Api.JSON.writeValueAsString(message);
                said = said.thenCompose(_ -> open.sendText(json, true));
            }
        }

        synchronized void abort() {
            if (socket != null) {
                socket.abort();
            }
            ended.complete(null);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonNode message = Api.JSON.readTree(text.toString());
                text.setLength(0);
                received(message);
            }
            webSocket.request(1);
            return null;
        }

        private void received(JsonNode message) {
            switch (message.path("op").asString()) {
                case "event" -> seen.event(number, message);
                case "position" -> seen.position(number, message.path("token").asString());
                case "ok", "error" -> {
                    CompletableFuture<Outcome> answer =
                            waiting.get(message.path("id").asLong());
                    if (answer != null) {
                        answer.complete(
                                message.has("error")
                                        ? Outcome.of(message.path("error"))
                                        : new Outcome.Acknowledged(
                                                message.path("seq").asLong()));
                    }
                }
                default -> {
                    // hello and pong say nothing about messages
                }
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            ended.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            ended.complete(null);
        }
    }
}
