package dev.tutti.testkit.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A {@link Client} of {@code /ws}: it follows its streams with a resume token, subscribes to a room with a cursor, publishes to the room,
 * and sends chat messages over REST. It stays connected, except during the absences of its schedule. Safe for use by many threads.
 */
public final class WebSocketClient extends ReconnectingClient {
    private static final Duration PING = Duration.ofSeconds(2);
    private static final Duration SILENCE = PING.multipliedBy(3);

    private final String room;
    private final ConnectionSchedule absences;
    private final boolean speaks;
    private final Api api = new Api();
    private volatile @Nullable TextSocket current;
    private volatile @Nullable URI restAt;

    /**
     * A client that is not connected yet.
     *
     * @param streams the streams to which it sends: conversations and {@code room}
     * @param room the stream that is not a conversation
     * @param seen records the deliveries
     * @param absences the schedule of its absences; a client with absences does not send
     */
    public WebSocketClient(
            Addresses addresses,
            Account account,
            List<String> streams,
            String room,
            ClientDeliveries seen,
            ConnectionSchedule absences) {
        super(addresses, account, streams, seen);
        this.absences = absences;
        this.speaks = absences.areOver();
        this.room = room;
    }

    @Override
    void connect(URI address) throws InterruptedException {
        restAt = address;
        try {
            new Connection(seen().connect()).run(address);
        } catch (IOException notNow) {
            // the instance is down or closing; the outcome of requests without an answer is unknown
        } finally {
            current = null;
        }
    }

    @Override
    void pause() throws InterruptedException {
        super.pause();
        absences.pass();
    }

    @Override
    public boolean speaks() {
        return speaks;
    }

    @Override
    public void stay() {
        absences.end();
    }

    @Override
    void leave() {
        TextSocket connection = current;
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public Outcome send(String stream, String id) throws InterruptedException {
        return stream.equals(room) ? publish(id) : post(stream, id);
    }

    private Outcome publish(String id) throws InterruptedException {
        TextSocket connection = current;
        if (connection == null) {
            return new Outcome.Refused("not connected");
        }
        long request = request();
        Map<String, Object> publish =
                Map.of("op", "publish", "id", request, "stream", room, "type", "said", "data", id, "key", key(id));
        return answers.await(request, () -> say(connection, publish));
    }

    private static void say(TextSocket connection, Map<String, Object> message) {
        connection.say(Api.JSON.writeValueAsString(message));
    }

    private Outcome post(String stream, String id) throws InterruptedException {
        URI address = restAt;
        if (address == null) {
            return new Outcome.Refused("not connected");
        }
        try {
            String path = "/api/conversations/" + conversation(stream) + "/messages";
            Api.Answer answer = api.send(address, "POST", path, account(), Map.of("id", id, "text", "message " + id));
            return answer.isDone()
                    ? new Outcome.Acknowledged(answer.body().path("seq").asLong())
                    : Outcome.of(answer.body().path("error"));
        } catch (IOException broken) {
            leave();
            return new Outcome.Unknown();
        }
    }

    @Override
    public void close() {
        super.close();
        absences.end();
        api.close();
    }

    /** One WebSocket, from its opening to its end. */
    private final class Connection implements TextSocket.TextListener {
        private final int number;
        private final long followed = request();
        private final long end = System.nanoTime() + absences.visit().toNanos();

        Connection(int number) {
            this.number = number;
        }

        void run(URI address) throws IOException, InterruptedException {
            try (TextSocket socket = api.webSocket(address.resolve("/ws"), account(), PATIENCE, this)) {
                Map<String, Object> follow = new HashMap<>(Map.of("op", "follow", "id", followed));
                String token = seen().follow(number);
                if (token != null) {
                    follow.put("token", token);
                }
                say(socket, follow);
                long subscribed = request();
                say(socket, Map.of("op", "subscribe", "id", subscribed, "stream", room, "after", seen().last(room)));
                current = socket;
                watch(socket);
            }
        }

        /** Sends pings until the connection ends, an absence begins, or nothing was received for three intervals of pings. */
        private void watch(TextSocket socket) throws InterruptedException {
            boolean ended = false;
            while (!ended && socket.silence().compareTo(SILENCE) < 0 && stays()) {
                say(socket, Map.of("op", "ping", "id", request()));
                ended = socket.hasEndedWithin(PING);
            }
        }

        private boolean stays() {
            return absences.areOver() || !seen().canResume() || System.nanoTime() - end < 0;
        }

        @Override
        public void onText(TextSocket socket, String text) {
            JsonNode message = Api.JSON.readTree(text);
            switch (message.path("op").asString()) {
                case "event" -> seen().event(number, message);
                case "gap" -> seen().gap(number, message);
                case "position" -> seen().position(number, message.path("token").asString());
                case "ok" ->
                    answers.answered(
                            message.path("id").asLong(),
                            new Outcome.Acknowledged(message.path("seq").asLong()));
                case "error" -> {
                    boolean send = answers.answered(message.path("id").asLong(), Outcome.of(message.path("error")));
                    if (!send) {
                        socket.close(); // follow or subscribe was refused; the next instance may accept it
                    }
                }
                default -> {
                    // hello and pong carry no deliveries
                }
            }
        }
    }
}
