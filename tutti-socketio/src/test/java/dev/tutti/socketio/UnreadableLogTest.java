package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.TuttiException;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import java.io.EOFException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A recoverable namespace whose log cannot be read for a while, although the store is there. */
class UnreadableLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final StreamName BROKEN = StreamName.of(Namespace.STREAM_KIND, "~2fbroken"); // never to be read

    private final MemoryStreamStore memory =
            new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
    private final UnreadableStore store = new UnreadableStore(memory);
    private final RecoverableServers servers = new RecoverableServers();
    private final BlockingQueue<Socket> sockets = servers.sockets;
    private final BlockingQueue<DisconnectReason> ends = servers.ends;

    private RunningServer server() {
        return servers.over(store);
    }

    /** One that can read all the time, and of which others learn by the sweep alone. */
    private RunningServer other() {
        return servers.over(new UnreadableStore(memory));
    }

    /** Has {@code client} get message 1, and the next one that is sent wait in a log that cannot be read. */
    private void fail(RunningServer other, Returning client) throws Exception {
        sockets.take();
        other.namespace().emit("news", 1);
        assertThat(client.next()).containsExactly("news", 1);

        store.unreadable = true;
        other.namespace().emit("news", 2);
        await().atMost(PATIENCE).until(() -> !ends.isEmpty());
    }

    private static void comeBack(Returning client, RunningServer server) {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            client.connect(server);
            return true;
        });
    }

    @Test
    void itGoesOnWhenItCanBeReadAgainAndNothingIsMissed() throws Exception {
        try (RunningServer server = server();
                RunningServer other = other();
                Returning client = new Returning().connect(server)) {
            fail(other, client);
            assertThatThrownBy(() -> client.connect(server))
                    .as("nobody is let in")
                    .isInstanceOf(EOFException.class);
            store.unreadable = false;

            comeBack(client, server);
            assertThat(sockets.take().recovered()).isTrue();
            assertThat(client.next()).containsExactly("news", 2);
            other.namespace().emit("news", 3);
            assertThat(client.next()).containsExactly("news", 3);
        }
    }

    @Test
    void aTryThatFailsInAnotherWayIsNotTheLastOne() throws Exception {
        try (RunningServer server = server();
                RunningServer other = other();
                Returning client = new Returning().connect(server)) {
            fail(other, client);
            store.endUnknownOnce = true;
            store.unreadable = false;

            comeBack(client, server);
            assertThat(client.next()).containsExactly("news", 2);
        }
    }

    @Test
    void whatIsSentWhileItCannotBeReadIsSent() throws Exception {
        try (RunningServer server = server();
                RunningServer other = other();
                Returning client = new Returning().connect(server)) {
            fail(other, client);
            server.namespace().emit("news", 3);
            store.unreadable = false;

            comeBack(client, server);
            assertThat(client.next()).containsExactly("news", 2);
            assertThat(client.next()).containsExactly("news", 3);
        }
    }

    @Test
    void oneThatCouldNotStartIsLetGoOf() throws Exception {
        try (RunningServer server = server();
                RunningServer other = other();
                Returning client = new Returning().connect(server)) {
            other.tutti.streams().append(new Append(BROKEN, "message", Json.of("{}")));
            Namespace broken = server.server.namespace("/broken");
            assertThatThrownBy(broken::recoverable).isInstanceOf(TuttiException.class);
            fail(other, client);
            store.unreadable = false;
            comeBack(client, server); // as the log that failed later is read again

            assertThat(store.asked).filteredOn(BROKEN::equals).hasSize(1);
        }
    }

    private static final class UnreadableStore extends ForwardingStreamStore {
        private final StreamStore readable;
        private final List<StreamName> asked = new CopyOnWriteArrayList<>(); // whose events were asked for, each time
        private volatile boolean unreadable;
        private volatile boolean endUnknownOnce; // to the next one who asks and could read

        UnreadableStore(StreamStore readable) {
            this.readable = readable;
        }

        @Override
        protected StreamStore behind() {
            return readable;
        }

        @Override
        public ReadResult read(StreamName stream, Range range, int limit) {
            asked.add(stream);
            if (unreadable || stream.equals(BROKEN)) {
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
