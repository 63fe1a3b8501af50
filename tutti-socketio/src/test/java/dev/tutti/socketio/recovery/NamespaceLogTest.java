package dev.tutti.socketio.recovery;

import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.Namespace;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.socketio.room.Rooms;
import dev.tutti.socketio.room.SocketRooms;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log of a namespace whose sockets fail, too, when it does. */
class NamespaceLogTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Append TO_NOBODY = new Append(
            StreamName.of(Namespace.STREAM_KIND, "~2f"),
            "message",
            Json.of("{\"rooms\":[\"nobody\"],\"without\":[],\"json\":\"[\\\"news\\\",1]\",\"attachments\":[]}"));

    private final MemoryStreamStore memory =
            new MemoryStreamStore(RetentionPolicy.of(Retention.of(Duration.ofDays(1))), Clock.systemUTC());
    private final UnreadableMemory store = new UnreadableMemory();
    private final Tutti tutti =
            Tutti.over(store).meters(new SimpleMeterRegistry()).start();
    private final EventLoop loop = new DefaultEventLoop();
    private final Set<String> toBeClosed = ConcurrentHashMap.newKeySet(); // the ids of sockets

    @AfterEach
    void close() {
        tutti.close();
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One that throws when its connection is to be closed. */
    private LocalSocket socket(String id) {
        return (LocalSocket) Proxy.newProxyInstance(
                LocalSocket.class.getClassLoader(),
                new Class<?>[] {LocalSocket.class},
                (_, method, _) -> switch (method.getName()) {
                    case "id" -> id;
                    case "loop" -> loop;
                    case "outbox" -> {
                        toBeClosed.add(id);
                        throw new IllegalStateException("a connection that cannot be closed");
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Test
    void aConnectionThatCannotBeClosedKeepsNoOtherOpenAndNobodyFromReadingAgain() {
        Rooms rooms = new Rooms("/", new NoListener());
        new SocketRooms(socket("one"), rooms).enter();
        new SocketRooms(socket("two"), rooms).enter();
        NamespaceLog log = new NamespaceLog(rooms, tutti.streams(), tutti.json());
        log.start();

        store.unreadable = true;
        memory.append(List.of(TO_NOBODY)); // which the sweep finds
        await().atMost(PATIENCE).until(() -> toBeClosed.containsAll(List.of("one", "two")));
        store.unreadable = false;

        await().atMost(PATIENCE).until(() -> log.passed() == 1);
    }

    private static final class NoListener implements Rooms.Listener {
        @Override
        public void opened(String namespace, String room) {}

        @Override
        public void closed(String namespace, String room) {}
    }

    private final class UnreadableMemory extends ForwardingStreamStore {
        private volatile boolean unreadable;

        @Override
        protected StreamStore behind() {
            return memory;
        }

        @Override
        public ReadResult read(StreamName stream, Range range, int limit) {
            if (unreadable) {
                throw new IllegalStateException("a row that nobody can read");
            }
            return super.read(stream, range, limit);
        }
    }
}
