package dev.tutti.socketio;

import dev.tutti.core.Tutti;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.memory.MemoryRecoveryStore;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.stream.StreamStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Servers whose main namespace is recoverable, with one place for what their sockets are like. */
final class RecoverableServers {
    /** Those that have come, at any of them. */
    final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();

    /** Of those that have gone. */
    final BlockingQueue<DisconnectReason> ends = new LinkedBlockingQueue<>();

    private final MemoryRecoveryStore recovery = new MemoryRecoveryStore(Clock.systemUTC());

    /** One more, whose messages are in {@code store}. */
    RunningServer over(StreamStore store) {
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
}
