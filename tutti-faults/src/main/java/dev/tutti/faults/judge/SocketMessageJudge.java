package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.history.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A judge of messages by socket id: sockets at all instances send one another such messages. Each is delivered at most once;
 * but while both instances are well, a message arrives. Beside them other sockets make the application's handlers throw.
 */
public final class SocketMessageJudge extends Watcher {
    /** Where {@code FaultServer} has its handlers. */
    public static final String NAMESPACE = "/faults";
    /** Client to server: a socket's id and a text. */
    public static final String TELL = "tell";
    /** Server to client: the text. */
    public static final String TOLD = "told";
    /** Client to server: throws; {@code "error"} for an {@link Error}. */
    public static final String THROW = "throw";

    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LET_ALONE = Duration.ofSeconds(20);
    private static final Duration RECONNECT = Duration.ofMillis(200);

    private final FaultCluster cluster;
    private final Random random;
    private final List<Peer> peers = new ArrayList<>();
    private final List<Peer> careless = new ArrayList<>();
    private final Map<String, CountDownLatch> expected = new ConcurrentHashMap<>();
    private final AtomicLong texts = new AtomicLong();

    /** Begins. */
    public static SocketMessageJudge of(FaultCluster cluster, Random random) {
        SocketMessageJudge judge = new SocketMessageJudge(cluster, random);
        judge.peers.forEach(peer -> peer.socket.open());
        judge.careless.forEach(peer -> peer.socket.open());
        judge.start("socket-messages", judge::run);
        return judge;
    }

    private SocketMessageJudge(FaultCluster cluster, Random random) {
        this.cluster = cluster;
        this.random = random;
        List<URI> instances = cluster.direct();
        for (int i = 0; i < instances.size(); i++) {
            peers.add(new Peer(i, instances.get(i)));
            careless.add(new Peer(i, instances.get(i)));
        }
    }

    private void run() throws InterruptedException {
        while (true) {
            Peer from = any(peers);
            Peer to = any(peers);
            String id = to.id();
            if (id != null && from.id() != null) {
                tell(from, to, id);
            }
            any(careless).socket.emit(THROW, random.nextBoolean() ? "error" : "exception");
            Thread.sleep(PAUSE);
        }
    }

    /** Slow is not lost: what is said later tells the two apart, as it must not overtake. */
    private void tell(Peer from, Peer to, String id) throws InterruptedException {
        int starts = from.starts() + to.starts();
        BooleanSupplier well =
                () -> id.equals(to.id()) && starts == from.starts() + to.starts() && from.well() && to.well();
        try (Telling first = new Telling(from, id)) {
            long end = System.nanoTime() + LONGEST.toNanos();
            if (!first.isAcknowledged()) {
                return;
            }
            while (!first.hasArrived()) {
                boolean overtaken = isHeard(from, id);
                if (!well.getAsBoolean()) {
                    return;
                }
                if ((overtaken || System.nanoTime() > end) && !first.hasArrived()) {
                    found(
                            Fault.UNREACHED,
                            to.name(),
                            first.text + " from " + from.name() + " to socket " + id + " did not arrive, "
                                    + (overtaken ? "but what was said later did" : "nor did anything else"));
                    return;
                }
            }
            judged();
        }
    }

    private boolean isHeard(Peer from, String id) throws InterruptedException {
        try (Telling later = new Telling(from, id)) {
            return later.isAcknowledged() && later.hasArrived();
        }
    }

    /** Something that is said to a socket. */
    private final class Telling implements AutoCloseable {
        final String text = "text " + texts.incrementAndGet();
        private final CountDownLatch sent = new CountDownLatch(1);
        private final CountDownLatch told = new CountDownLatch(1);

        Telling(Peer from, String id) {
            expected.put(text, told);
            var _ = from.socket.emitWithAck(TELL, id, text).thenRun(sent::countDown);
        }

        boolean isAcknowledged() throws InterruptedException {
            return sent.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        boolean hasArrived() throws InterruptedException {
            return told.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void close() {
            expected.remove(text);
        }
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** One socket, at one instance, which connects again by itself and has no account, unlike those of the testkit's chat. */
    private final class Peer {
        private final int instance;
        final OfficialSocket socket;

        Peer(int instance, URI address) {
            this.instance = instance;
            socket = OfficialSocket.at(address.resolve(NAMESPACE))
                    .transports("websocket")
                    .patience(PATIENCE)
                    .returning(RECONNECT, RECONNECT.multipliedBy(4))
                    .build();
            socket.on(TOLD, text -> {
                CountDownLatch told = expected.get(text.asString());
                if (told != null) {
                    told.countDown();
                }
            });
        }

        @Nullable
        String id() {
            return socket.connected() ? socket.library().id() : null;
        }

        String name() {
            return cluster.name(instance);
        }

        int starts() {
            return cluster.starts(instance);
        }

        boolean well() {
            return cluster.up(instance) && cluster.undisturbed(instance, LET_ALONE);
        }

        void end() {
            socket.abort();
        }
    }

    @Override
    void release() {
        peers.forEach(Peer::end);
        careless.forEach(Peer::end);
    }

    @Override
    public String line() {
        return count() + " messages arrived by socket id";
    }
}
