package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.feed.FeedKey;
import dev.tutti.stream.Json;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Feeds over sockets: the latest at once, then what is newer, over each transport. */
class SocketFeedsTest {
    private static final FeedKey SCORE = new FeedKey("score:1");

    private final RunningServer server =
            new RunningServer(io -> io.namespace("/").onConnection(socket -> {
                socket.on(
                        "subscribe",
                        message -> message.reply(
                                socket.subscribe(new FeedKey(message.text(0)), message.as(1, Long.class))));
                socket.on("unsubscribe", message -> {
                    socket.unsubscribe(new FeedKey(message.text(0)));
                    message.reply();
                });
            }));

    @AfterEach
    void stop() {
        server.close();
    }

    private void publish(long version) {
        server.tutti.feeds().publish(SCORE, version, Json.of("{\"n\":" + version + "}"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"polling", "websocket"})
    void theLatestComesAtOnceAndThenWhatIsNewer(String transport) throws Exception {
        publish(1);
        publish(2);
        Socket client = server.client("/", Map.of(), transport);
        ReceivedEvents feeds = new ReceivedEvents(client, "feed");
        ReceivedEvents connected = new ReceivedEvents(client, Socket.EVENT_CONNECT);
        client.connect();
        connected.next();

        assertThat(SocketIoTest.ask(client, "subscribe", SCORE.value(), 0)).containsExactly(2);
        JSONObject latest = (JSONObject) feeds.next()[0];
        assertThat(latest.getString("key")).isEqualTo("score:1");
        assertThat(latest.getLong("version")).isEqualTo(2);
        assertThat(latest.getJSONObject("value").getLong("n")).isEqualTo(2);
        publish(3);
        assertThat(((JSONObject) feeds.next()[0]).getLong("version")).isEqualTo(3);

        assertThat(SocketIoTest.ask(client, "subscribe", SCORE.value(), 3)).containsExactly(3);
        publish(4);
        assertThat(((JSONObject) feeds.next()[0]).getLong("version")).isEqualTo(4);
        SocketIoTest.ask(client, "unsubscribe", SCORE.value());
        publish(5);
        SocketIoTest.ask(client, "subscribe", SCORE.value(), 5);
        publish(6);
        assertThat(((JSONObject) feeds.next()[0]).getLong("version")).isEqualTo(6);
    }

    @Test
    void clientsOfBothTransportsGetEachStateThoughThoseOfOneEventLoopShareWhatItIsEncodedTo() throws Exception {
        List<ReceivedEvents> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Socket client = server.connected(i % 2 == 0 ? "polling" : "websocket");
            all.add(new ReceivedEvents(client, "feed"));
            assertThat(SocketIoTest.ask(client, "subscribe", SCORE.value(), 0)).containsExactly(0);
        }
        for (long version = 1; version <= 3; version++) {
            publish(version);
            for (ReceivedEvents feeds : all) {
                JSONObject state = (JSONObject) feeds.next()[0];
                assertThat(state.getLong("version")).isEqualTo(version);
                assertThat(state.getJSONObject("value").getLong("n")).isEqualTo(version);
            }
        }
    }
}
