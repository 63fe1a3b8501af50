package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.memory.MemoryRecoveryStore;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.Answers;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.io.EOFException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that cannot be given to one client of several on one event loop, whatever is thrown. */
class FailedDeliveryTest {
    private static final int CLIENTS = 4;

    private final SabotagedMeters meters = new SabotagedMeters();
    private final Map<String, DisconnectReason> gone = new ConcurrentHashMap<>(); // by id
    private final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    private final List<Returning> clients = new ArrayList<>();
    private final List<RunningServer> servers = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        for (Returning client : clients) {
            client.close();
        }
        servers.forEach(RunningServer::close);
    }

    static Stream<Throwable> anything() {
        return Stream.of(new IllegalStateException("a failure at delivery"), new StackOverflowError("at delivery"));
    }

    private RunningServer server(Consumer<Namespace> kind) {
        MemoryStreamStore streams = new MemoryStreamStore(
                new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
        Tutti tutti = Tutti.over(streams)
                .meters(meters)
                .recovery(new MemoryRecoveryStore(Clock.systemUTC()))
                .start();
        RunningServer server = new RunningServer(
                tutti, EdgeSettings.DEFAULT.withEventLoops(1), SocketIoSettings.DEFAULT, Clock.systemUTC(), io -> {
                    kind.accept(io.namespace("/"));
                    io.namespace("/").onConnection(socket -> {
                        socket.onDisconnect(reason -> gone.put(socket.id(), reason));
                        sockets.add(socket);
                    });
                });
        servers.add(server);
        return server;
    }

    private void connect(RunningServer server) throws IOException, InterruptedException {
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Returning().connect(server));
            sockets.take();
        }
    }

    /** Sends three messages to all, of which the first one cannot be given to one client. */
    private void send(RunningServer server, Throwable what) throws InterruptedException {
        SabotagedMeters.Failure failure = meters.fail(what);
        server.namespace().emit("news", 1);
        failure.awaitReached();
        server.namespace().emit("news", 2); // wait on the loop when the first one fails
        server.namespace().emit("news", 3);
        failure.happen();
    }

    /** The client whose connection was broken off; the others are left in {@link #clients}. */
    private Returning broken() {
        await().until(() -> !gone.isEmpty());
        assertThat(gone).hasSize(1).containsValue(DisconnectReason.TRANSPORT_CLOSED);
        Returning broken = clients.stream()
                .filter(client -> gone.containsKey(client.sid()))
                .findFirst()
                .orElseThrow();
        clients.remove(broken);
        return broken;
    }

    private void assertThatTheOthersGotEverything() throws IOException {
        for (Returning client : clients) {
            for (int number = 1; number <= 3; number++) {
                assertThat(client.next()).containsExactly("news", number);
            }
        }
    }

    /** The numbers that still came before the connection broke. */
    private static List<Object> last(Returning client) throws IOException {
        List<Object> numbers = new ArrayList<>();
        try {
            while (true) {
                numbers.add(client.next().getLast());
            }
        } catch (EOFException end) {
            return numbers;
        }
    }

    @ParameterizedTest
    @MethodSource("anything")
    void whoComesBackGetsWhatCouldNotBeGivenAndNobodyElseNotices(Throwable what) throws Exception {
        RunningServer server = server(Namespace::recoverable);
        connect(server);
        send(server, what);
        Returning broken = broken();
        assertThatTheOthersGotEverything();

        List<Object> numbers = last(broken);
        String sid = broken.sid();
        broken.connect(server);
        assertThat(sockets.take().recovered()).isTrue();
        assertThat(broken.sid()).isEqualTo(sid);
        while (numbers.size() < 3) {
            numbers.add(broken.next().getLast());
        }
        assertThat(numbers).containsExactly(1, 2, 3);
        server.namespace().emit("news", 4);
        assertThat(broken.next()).containsExactly("news", 4);
        broken.close();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aClientThatCannotComeBackEndsAloneToo(Throwable what) throws Exception {
        RunningServer server = server(_ -> {});
        connect(server);
        send(server, what);
        Returning broken = broken();
        assertThatTheOthersGotEverything();
        assertThat(last(broken)).isEmpty();
        broken.close();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aCallToManyIsAnsweredByTheOthers(Throwable what) throws Exception {
        RunningServer server = server(_ -> {});
        connect(server);
        SabotagedMeters.Failure failure = meters.fail(what);
        failure.happen();
        CompletableFuture<Answers> answers = server.namespace().emitWithAck(Duration.ofMinutes(1), "ready?");
        broken().close();
        for (Returning client : clients) {
            String asked = client.frame();
            client.send("43" + asked.substring("42".length(), asked.indexOf('[')) + "[\"yes\"]");
        }
        await().until(answers::isDone);
        assertThat(answers.join().answers()).hasSize(CLIENTS - 1);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aClientThatCannotBeToldThatItIsInIsNotKeptWaiting(Throwable what) throws Exception {
        RunningServer server = server(Namespace::recoverable);
        try (RawSocket raw = new RawSocket(server)) {
            raw.upgrade("EIO=4&transport=websocket");
            assertThat(raw.frame()).startsWith("0{");
            meters.fail(what).happen();
            raw.text("40");
            assertThat(raw.rest()).isEmpty();
        }
    }
}
