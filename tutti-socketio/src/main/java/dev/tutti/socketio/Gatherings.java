package dev.tutti.socketio;

import dev.tutti.core.stream.Shared;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.socketio.Gathering.Told;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The messages to many that this instance's sockets shall acknowledge, at most {@value #MOST} at a time. One id for all of
 * them makes it one packet; it is odd, that of a socket's own {@link Calls} is even. Safe for use by many threads.
 */
final class Gatherings {
    static final int MOST = 1_000;
    /** Official clients read ids as 32-bit integers. */
    static final int IDS = 0x7FFF_FFFF;

    private static final Told NOTHING = new Told(List.of(), false);

    private final Map<Long, Gathering> waiting = new ConcurrentHashMap<>();
    private long ids; // guarded by this

    /** Sends {@code body} to {@code audience} and gathers what it acknowledges; nothing, if there are too many already. */
    CompletableFuture<Told> call(String namespace, Audience audience, Body body, Duration timeout) {
        Gathering gathering = new Gathering();
        long id = add(gathering);
        if (id < 0) {
            return CompletableFuture.completedFuture(NOTHING);
        }
        List<EnginePacket> packets = Payloads.event(namespace, id, body);
        CompletableFuture<Told> told = gathering
                .done()
                .completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApply(_ -> {
                    waiting.remove(id);
                    return gathering.told();
                });
        var _ = audience.afterEachLoop(part -> {
                    try (Shared<List<EnginePacket>> shared = new Shared<>(packets)) {
                        part.each(socket -> {
                            if (socket.isConnected()) {
                                gathering.ask(socket);
                                socket.outlet().deliver(shared);
                            }
                        });
                    }
                })
                .thenRun(gathering::allAsked);
        return told;
    }

    /** The id of {@code gathering}; negative if there are too many. */
    private synchronized long add(Gathering gathering) {
        if (waiting.size() >= MOST) {
            return -1;
        }
        long id = (2 * ++ids + 1) & IDS;
        waiting.put(id, gathering);
        return id;
    }

    /** Whether {@code id} is that of a message to many. */
    static boolean isTheirs(long id) {
        return (id & 1) == 1;
    }

    /** {@code socket} acknowledged message {@code id}. */
    void answered(long id, ServerSocket socket, Assembled assembled) {
        @Nullable Gathering gathering = waiting.get(id);
        if (gathering != null) {
            gathering.answered(socket, assembled);
        }
    }

    /** {@code socket} has gone. */
    void gone(ServerSocket socket) {
        waiting.values().forEach(gathering -> gathering.gone(socket));
    }
}
