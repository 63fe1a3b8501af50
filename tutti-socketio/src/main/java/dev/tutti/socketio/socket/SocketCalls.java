package dev.tutti.socketio.socket;

import dev.tutti.ErrorCode;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.socketio.ack.BroadcastAcks;
import dev.tutti.socketio.ack.PendingAcks;
import dev.tutti.socketio.engineio.EngineSession;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one socket that are acknowledged: those that the client answers, and the answers to those of the client. Safe for
 * use by many threads, where nothing else is said.
 */
final class SocketCalls {
    private final ServerSocket socket;
    private final ConnectionContext context;
    private final EngineSession session;
    private @Nullable PendingAcks pending; // on the loop; from the first call on

    SocketCalls(ServerSocket socket, ConnectionContext context, EngineSession session) {
        this.socket = socket;
        this.context = context;
        this.session = session;
    }

    /** Sends an event to the client, and what it answers; fails if it does not within {@code timeout}, or is gone. */
    CompletableFuture<List<@Nullable Object>> emit(Duration timeout, String event, Object... data) {
        Duration bounded = PendingAcks.bounded(timeout);
        Body body = context.payloads().body(event, data);
        CompletableFuture<List<@Nullable Object>> answer = new CompletableFuture<>();
        if (!EventLoops.later(session.loop(), () -> send(body, bounded, answer))) {
            PendingAcks.fail(answer, ErrorCode.GOING_AWAY, "this instance has stopped");
        }
        return answer;
    }

    private void send(Body body, Duration timeout, CompletableFuture<List<@Nullable Object>> answer) {
        if (!socket.isConnected()) {
            PendingAcks.fail(answer, ErrorCode.GOING_AWAY, "the client is not connected");
            return;
        }
        if (pending == null) {
            pending = new PendingAcks(session.loop());
        }
        long call = pending.add(answer, timeout);
        if (call >= 0) {
            session.send(Payloads.event(socket.namespace().name(), call, body));
        }
    }

    /** The client has answered {@code call}; on the loop. */
    void answered(long call, Assembled answer) {
        if (BroadcastAcks.isTheirs(call)) {
            context.broadcastAcks().answered(call, socket, answer);
        } else if (pending != null) {
            pending.answered(call, () -> context.payloads().array(answer));
        }
    }

    /** Answers message {@code call} of the client. */
    void acknowledge(long call, @Nullable Object... data) {
        List<EnginePacket> packets = context.payloads().ack(socket.namespace().name(), call, data);
        EventLoops.later(session.loop(), () -> {
            if (socket.isConnected()) {
                session.send(packets);
            }
        });
    }

    /** The client is gone: nothing is answered any more; on the loop. */
    void close() {
        if (pending != null) {
            pending.close();
        }
    }
}
