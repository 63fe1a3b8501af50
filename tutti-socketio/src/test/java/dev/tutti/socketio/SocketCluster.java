package dev.tutti.socketio;

import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.bus.ClusterSecret;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.core.InstanceId;
import dev.tutti.core.Tutti;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import dev.tutti.memory.MemoryBus;
import dev.tutti.memory.MemoryMemberStore;
import dev.tutti.memory.MemoryRecoveryStore;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.Namespace;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** Several Socket.IO servers in one process that know each other, named {@code one-0}, {@code one-1} and so on. */
final class SocketCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final MembershipSettings MEMBERSHIP =
            new MembershipSettings(Duration.ofMillis(100), Duration.ofSeconds(6));

    /** Its list of members, as long as it lives. */
    private static final class Mortal implements MemberStore {
        private final MemberStore store;
        private volatile boolean dead;

        Mortal(MemberStore store) {
            this.store = store;
        }

        @Override
        public void join(Member member, Duration silence) {
            store.join(member, silence);
        }

        @Override
        public MemberList heartbeat(Heartbeat heartbeat, Duration silence) {
            if (dead) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "dead");
            }
            return store.heartbeat(heartbeat, silence);
        }

        @Override
        public void leave(UUID incarnation) {
            if (!dead) {
                store.leave(incarnation);
            }
        }
    }

    private final List<RunningServer> servers = new ArrayList<>();
    private final List<WatchedBus> buses = new ArrayList<>();
    private final List<Mortal> lives = new ArrayList<>();
    private final MemoryBus.Wire wire = new MemoryBus.Wire();
    private final MemoryMemberStore members = new MemoryMemberStore(Clock.systemUTC());
    private final MemoryRecoveryStore recovery = new MemoryRecoveryStore(Clock.systemUTC());
    private final MemoryStreamStore streams =
            new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());

    SocketCluster(int size, Consumer<SocketIoServer> application) {
        this(size, EdgeSettings.DEFAULT, SocketIoSettings.DEFAULT, application);
    }

    SocketCluster(int size, EdgeSettings edge, SocketIoSettings socketIo, Consumer<SocketIoServer> application) {
        for (int i = 0; i < size; i++) {
            WatchedBus bus = new WatchedBus(new MemoryBus(wire));
            Mortal life = new Mortal(members);
            Tutti tutti = Tutti.over(streams)
                    .instance(new InstanceId("one-" + i))
                    .meters(new SimpleMeterRegistry())
                    .bus(bus)
                    .secret(ClusterSecret.of("a secret of the tests, and of no one else", List.of()))
                    .members(life)
                    .members(MEMBERSHIP)
                    .recovery(recovery)
                    .start();
            buses.add(bus);
            lives.add(life);
            servers.add(new RunningServer(tutti, edge, socketIo, Clock.systemUTC(), application));
        }
        await().atMost(PATIENCE)
                .until(() -> servers.stream()
                        .allMatch(each -> each.server.cluster().asked().size() == size - 1));
    }

    RunningServer at(int index) {
        return servers.get(index);
    }

    WatchedBus bus(int index) {
        return buses.get(index);
    }

    Namespace namespace(int index) {
        return servers.get(index).namespace();
    }

    /** Instance {@code index} is silent from now on, as if its process had been killed; the others find out in some seconds. */
    void kill(int index) {
        lives.get(index).dead = true;
        buses.get(index).close();
    }

    @Override
    public void close() {
        servers.forEach(RunningServer::close);
    }
}
