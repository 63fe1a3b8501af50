package dev.tutti.socketio.ack;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.socketio.ack.BroadcastAck.Told;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.socketio.room.Recipients;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The messages to many that this instance's sockets shall acknowledge, at most {@value #MOST} at a time. One id for all of
 * them makes it one packet; it is odd, that of a socket's own {@link PendingAcks} is even. Safe for use by many threads.
 */
public final class BroadcastAcks {
    static final int MOST = 1_000;
    /** Official clients read ids as 32-bit integers. */
    static final int IDS = 0x7FFF_FFFF;

    private static final Told NOTHING = new Told(List.of(), false);

    private final Map<Long, BroadcastAck> waiting = new ConcurrentHashMap<>();
    private long ids; // guarded by this

    /**
     * Sends {@code body} to {@code recipients} and gathers what they acknowledge; nothing, if there are too many already. A socket
     * that is just coming back gets no such message, so it is not asked either.
     */
    public CompletableFuture<Told> call(String namespace, Recipients recipients, Body body, Duration timeout) {
        BroadcastAck broadcastAck = new BroadcastAck();
        long id = add(broadcastAck);
        if (id < 0) {
            return CompletableFuture.completedFuture(NOTHING);
        }
        List<EnginePacket> packets = Payloads.event(namespace, id, body);
        CompletableFuture<Told> told = broadcastAck
                .done()
                .completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApply(_ -> {
                    waiting.remove(id);
                    return broadcastAck.told();
                });
        var _ = recipients
                .afterEachLoop(part -> {
                    try (EncodeOnce<List<EnginePacket>> encoded = new EncodeOnce<>(packets)) {
                        part.each(socket -> {
                            if (socket.outbox().isOpen()) {
                                broadcastAck.ask(socket);
                                socket.outbox().deliver(encoded);
                            }
                        });
                    }
                })
                .thenRun(broadcastAck::allAsked)
                .whenComplete((_, notAsked) -> {
                    if (notAsked != null) { // the answers are told as incomplete when the time is over
                        Failures.note("Asking the sockets of an event loop", notAsked);
                    }
                });
        return told;
    }

    /** The id of {@code broadcastAck}; negative if there are too many. */
    private synchronized long add(BroadcastAck broadcastAck) {
        if (waiting.size() >= MOST) {
            return -1;
        }
        long id = (2 * ++ids + 1) & IDS;
        waiting.put(id, broadcastAck);
        return id;
    }

    /** Whether {@code id} is that of a message to many. */
    public static boolean isTheirs(long id) {
        return (id & 1) == 1;
    }

    /** {@code socket} acknowledged message {@code id}. */
    public void answered(long id, LocalSocket socket, Assembled assembled) {
        @Nullable BroadcastAck broadcastAck = waiting.get(id);
        if (broadcastAck != null) {
            broadcastAck.answered(socket, assembled);
        }
    }

    /** {@code socket} has gone. */
    public void gone(LocalSocket socket) {
        waiting.values().forEach(broadcastAck -> broadcastAck.gone(socket));
    }
}
