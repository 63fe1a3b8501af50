package dev.tutti.testkit.client;

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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client of {@code /ws}: follows the feed with a resume token, subscribes to a room with a cursor, publishes to the room,
 * and sends chat messages by REST. A virtual thread of its own keeps it connected, or lets it be away in between.
 */
public final class WebSocketClient implements Client {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration PING = Duration.ofSeconds(2);
    private static final String CONVERSATION = "conversation:";

    private final Addresses addresses;
    private final Account account;
    private final List<String> streams;
    private final String room;
    private final Seen seen;
    private final Absences absences;
    private final boolean speaks;
    private final Api api = new Api();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Thread driver = Thread.ofVirtual().unstarted(this::stayConnected);
    private final AtomicLong requests = new AtomicLong();
    private final PendingReplies answers = new PendingReplies(this::leave);
    private volatile @Nullable Connection current;
    private volatile @Nullable URI restAt;
    private volatile boolean closed;

    /**
     * One that speaks in {@code streams}.
     *
     * @param room the one of the streams that is not a conversation
     * @param absences when it is away; if there are any it does not speak
     */
    public WebSocketClient(
            Addresses addresses, Account account, List<String> streams, String room, Seen seen, Absences absences) {
        this.absences = absences;
        this.speaks = absences.areOver();
        this.addresses = addresses;
        this.account = account;
        this.streams = List.copyOf(streams);
        this.room = room;
        this.seen = seen;
    }

    @Override
    public void open() {
        driver.start();
    }

    private void stayConnected() {
        while (!closed) {
            URI address = addresses.next();
            restAt = address;
            try {
                new Connection(seen.connect(), address).run();
            } catch (CompletionException notNow) {
                // the instance is down, or going down; what it did not answer is unknown
            }
            current = null;
            answers.none();
            try {
                Thread.sleep(PAUSE);
                absences.pass();
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    @Override
    public boolean speaks() {
        return speaks;
    }

    @Override
    public void stay() {
        absences.end();
    }

    /** Gives up the connection there is, as nothing comes through it. */
    private void leave() {
        Connection connection = current;
        if (connection != null) {
            connection.abort();
        }
    }

    @Override
    public Outcome send(String stream, String id) throws InterruptedException {
        return stream.equals(room) ? publish(id) : post(stream, id);
    }

    private Outcome publish(String id) throws InterruptedException {
        Connection connection = current;
        if (connection == null) {
            return new Outcome.Refused("not connected");
        }
        long request = requests.incrementAndGet();
        return answers.await(
                request,
                () -> connection.say(Map.of(
                        "op", "publish", "id", request, "stream", room, "type", "said", "data", id, "key", key(id))));
    }

    private Outcome post(String stream, String id) throws InterruptedException {
        URI address = restAt;
        if (address == null) {
            return new Outcome.Refused("not connected");
        }
        try {
            String path = "/api/conversations/" + stream.substring(CONVERSATION.length()) + "/messages";
            Api.Answer answer = api.send(address, "POST", path, account, Map.of("id", id, "text", "message " + id));
            return answer.isDone()
                    ? new Outcome.Acknowledged(answer.body().path("seq").asLong())
                    : Outcome.of(answer.body().path("error"));
        } catch (IOException broken) {
            leave();
            return new Outcome.Unknown();
        }
    }

    @Override
    public Account account() {
        return account;
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
        absences.end();
        leave();
        driver.interrupt();
        http.shutdownNow();
        api.close();
    }

    /** One WebSocket, from its opening to its end. */
    private final class Connection implements WebSocket.Listener {
        private final int number;
        private final URI address;
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
        private @Nullable WebSocket socket;
        private CompletionStage<?> said = CompletableFuture.completedFuture(null);
        private final long followed = requests.incrementAndGet();
        private final long end = System.nanoTime() + absences.visit().toNanos();
        private volatile long heard = System.nanoTime();

        Connection(int number, URI address) {
            this.number = number;
            this.address = URI.create(address.toString().replaceFirst("http", "ws") + "/ws");
        }

        void run() {
            WebSocket opened = http.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .header("Authorization", "Bearer " + account.token())
                    .buildAsync(address, this)
                    .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            synchronized (this) {
                socket = opened;
            }
            Map<String, Object> follow = new HashMap<>(Map.of("op", "follow", "id", followed));
            String token = seen.follow(number);
            if (token != null) {
                follow.put("token", token);
            }
            say(follow);
            say(Map.of("op", "subscribe", "id", requests.incrementAndGet(), "stream", room, "after", seen.last(room)));
            current = this;
            watch();
        }

        /** Asks now and then whether anybody is there, until nothing has been heard for three times that long. */
        private void watch() {
            while (!ended.isDone() && System.nanoTime() - heard < 3 * PING.toNanos() && stays()) {
                say(Map.of("op", "ping", "id", requests.incrementAndGet()));
                ended.copy()
                        .completeOnTimeout(null, PING.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            }
            abort();
        }

        private boolean stays() {
            return absences.areOver() || !seen.canResume() || System.nanoTime() - end < 0;
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
            heard = System.nanoTime();
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
                case "gap" -> seen.gap(number, message);
                case "position" -> seen.position(number, message.path("token").asString());
                case "ok" ->
                    answers.answered(
                            message.path("id").asLong(),
                            new Outcome.Acknowledged(message.path("seq").asLong()));
                case "error" -> {
                    boolean send = answers.answered(message.path("id").asLong(), Outcome.of(message.path("error")));
                    if (!send) {
                        abort(); // the feed or the room could not be begun here; elsewhere, maybe
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
