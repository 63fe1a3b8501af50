package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Socket;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.Test;

/** A recoverable namespace whose log loses its latest messages, as in a failover to a replica that was behind. */
class LostMessagesTest {
    private final LossyStore store = new LossyStore();
    private final RecoverableServers servers = new RecoverableServers();
    private final BlockingQueue<Socket> sockets = servers.sockets;
    private final BlockingQueue<DisconnectReason> ends = servers.ends;

    private RunningServer server() {
        return servers.over(store);
    }

    @Test
    void whatIsSentInThePlaceOfMessagesOfBeforeAnInstanceBeganReachesItsClients() throws Exception {
        try (RunningServer before = server()) {
            for (int number = 1; number <= 3; number++) {
                before.namespace().emit("news", number);
            }
        }
        try (RunningServer server = server();
                Returning client = new Returning().connect(server)) {
            sockets.take();
            store.loseAll();
            await().until(() -> !ends.isEmpty());
            for (int number = 4; number <= 8; number++) {
                server.namespace().emit("news", number); // with the numbers of those that are gone, and more
            }

            client.connect(server);
            assertThat(sockets.take().recovered()).isFalse(); // it shows a number that another message has now
            server.namespace().emit("news", 9);
            assertThat(client.next()).containsExactly("news", 9);
        }
    }

    private static final class LossyStore extends ForwardingStreamStore {
        private volatile StreamStore present = fresh();

        private static StreamStore fresh() {
            return new MemoryStreamStore(
                    new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
        }

        void loseAll() {
            present = fresh();
        }

        @Override
        protected StreamStore behind() {
            return present;
        }
    }
}
