package dev.tutti.socketio.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One socket on each of three event loops, of which some take nothing. */
class RecipientsTest {
    private final Rooms rooms = new Rooms("/", new NoTopics());
    private final List<FullLoop> loops = List.of(new FullLoop(), new FullLoop(), new FullLoop());
    private final Set<String> met = ConcurrentHashMap.newKeySet(); // the ids of sockets

    @BeforeEach
    void enter() {
        for (int i = 0; i < loops.size(); i++) {
            new SocketRooms(socket("socket" + i, loops.get(i)), rooms).enter();
        }
    }

    @AfterEach
    void close() {
        loops.forEach(loop -> loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly());
    }

    private static LocalSocket socket(String id, EventLoop loop) {
        return (LocalSocket) Proxy.newProxyInstance(
                LocalSocket.class.getClassLoader(),
                new Class<?>[] {LocalSocket.class},
                (_, method, _) -> switch (method.getName()) {
                    case "id" -> id;
                    case "loop" -> loop;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Recipients all() {
        return Recipients.of(rooms, Target.all("/"));
    }

    private void meet(Recipients.Part part) {
        part.each(socket -> met.add(socket.id()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aLoopThatTakesNoTaskKeepsItFromNoOther(int full) {
        loops.get(full).full = true;

        assertThatThrownBy(() -> all().onEachLoop(this::meet)).isInstanceOf(OutOfMemoryError.class);

        await().until(() -> met.size() == 2);
        assertThat(met).doesNotContain("socket" + full);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void nothingIsKeptFromTheOnlyLoopThatTakesTasks(int taking) {
        loops.forEach(loop -> loop.full = true);
        loops.get(taking).full = false;

        assertThatThrownBy(() -> all().onEachLoop(this::meet)).isInstanceOf(OutOfMemoryError.class);

        await().until(() -> met.contains("socket" + taking));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theEndOfAllIsAFailureIfALoopTookNoTask(int full) {
        loops.get(full).full = true;

        CompletableFuture<Void> end = all().afterEachLoop(this::meet);

        await().until(end::isDone);
        assertThat(end).isCompletedExceptionally();
        assertThat(met).hasSize(2).doesNotContain("socket" + full);
    }

    /** Takes no task while it is full. */
    private static final class FullLoop extends DefaultEventLoop {
        private volatile boolean full;

        @Override
        public void execute(Runnable task) {
            if (full) {
                throw new OutOfMemoryError("pretended: no room for a task");
            }
            super.execute(task);
        }
    }

    private static final class NoTopics implements Rooms.Listener {
        @Override
        public void opened(String namespace, String room) {}

        @Override
        public void closed(String namespace, String room) {}
    }
}
