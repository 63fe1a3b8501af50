package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.memory.MemoryRecoveryStore;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.tck.ForwardingStreamStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.EOFException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** A recoverable namespace whose log cannot be read for a while, although the store is there. */
class UnreadableLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final UnreadableStore store = new UnreadableStore();
    private final MemoryRecoveryStore recovery = new MemoryRecoveryStore(Clock.systemUTC());
    private final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    private final BlockingQueue<DisconnectReason> ends = new LinkedBlockingQueue<>();

    private RunningServer server() {
        Tutti tutti = Tutti.over(store)
                .meters(new SimpleMeterRegistry())
                .recovery(recovery)
                .start();
        return new RunningServer(
                tutti, EdgeSettings.DEFAULT.withEventLoops(1), SocketIoSettings.DEFAULT, Clock.systemUTC(), io -> {
                    Namespace namespace = io.namespace("/");
                    namespace.recoverable();
                    namespace.onConnection(socket -> {
                        socket.onDisconnect(ends::add);
                        sockets.add(socket);
                    });
                });
    }

    @Test
    void itGoesOnWhenItCanBeReadAgainAndNothingIsMissed() throws Exception {
        try (RunningServer server = server();
                RunningServer other = server(); // of which the first learns by the sweep alone
                Returning client = new Returning().connect(server)) {
            sockets.take();
            other.namespace().emit("news", 1);
            assertThat(client.next()).containsExactly("news", 1);

            store.unreadable = true;
            other.namespace().emit("news", 2);
            await().atMost(PATIENCE).until(() -> !ends.isEmpty());
            assertThatThrownBy(() -> client.connect(server))
                    .as("nobody is let in")
                    .isInstanceOf(EOFException.class);
            store.unreadable = false;

            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                client.connect(server);
                return true;
            });
            assertThat(sockets.take().recovered()).isTrue();
            assertThat(client.next()).containsExactly("news", 2);
            other.namespace().emit("news", 3);
            assertThat(client.next()).containsExactly("news", 3);
        }
    }

    @Test
    void aTryThatFailsInAnotherWayIsNotTheLastOne() throws Exception {
        try (RunningServer server = server();
                RunningServer other = server();
                Returning client = new Returning().connect(server)) {
            sockets.take();
            other.namespace().emit("news", 1);
            assertThat(client.next()).containsExactly("news", 1);

            store.unreadable = true;
            other.namespace().emit("news", 2);
            await().atMost(PATIENCE).until(() -> !ends.isEmpty());
            store.endUnknownOnce = true;
            store.unreadable = false;

            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                client.connect(server);
                return true;
            });
            assertThat(client.next()).containsExactly("news", 2);
        }
    }

    @Test
    void whatIsSentWhileItCannotBeReadIsSent() throws Exception {
        try (RunningServer server = server();
                RunningServer other = server();
                Returning client = new Returning().connect(server)) {
            sockets.take();
            other.namespace().emit("news", 1);
            assertThat(client.next()).containsExactly("news", 1);

            store.unreadable = true;
            other.namespace().emit("news", 2);
            await().atMost(PATIENCE).until(() -> !ends.isEmpty());
            server.namespace().emit("news", 3);
            store.unreadable = false;

            await().atMost(PATIENCE).ignoreExceptions().until(() -> {
                client.connect(server);
                return true;
            });
            assertThat(client.next()).containsExactly("news", 2);
            assertThat(client.next()).containsExactly("news", 3);
        }
    }

    private static final class UnreadableStore extends ForwardingStreamStore {
        private final StreamStore readable = new MemoryStreamStore(
                new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
        private volatile boolean unreadable;
        private volatile boolean endUnknownOnce; // to the next one who asks and could read

        @Override
        protected StreamStore behind() {
            return readable;
        }

        @Override
        public ReadResult read(StreamName stream, Range range, int limit) {
            if (unreadable) {
                throw new IllegalStateException("a row that nobody can read");
            }
            return super.read(stream, range, limit);
        }

        @Override
        public Map<StreamName, Long> seen(Position position, Collection<StreamName> streams) {
            if (endUnknownOnce && !unreadable) {
                endUnknownOnce = false;
                throw new IllegalStateException("an end that nobody can tell");
            }
            return super.seen(position, streams);
        }
    }
}
