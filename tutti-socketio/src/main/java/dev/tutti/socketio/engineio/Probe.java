package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.engineio.EnginePacket.Ping;
import dev.tutti.protocol.engineio.EnginePacket.Pong;
import dev.tutti.protocol.engineio.EnginePacket.Upgrade;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that wants to become the transport of a polling session, from before its handshake is answered. Confined to the
 * session's loop.
 */
final class Probe {
    private static final Slice QUESTION = Slice.of("probe");

    private final PollingTransport polling;
    private final long since;
    private @Nullable WebSocketTransport candidate;
    private boolean answered;

    /** One that begins {@code now}, in nanoseconds, to replace {@code polling}. */
    Probe(PollingTransport polling, long now) {
        this.polling = polling;
        this.since = now;
    }

    PollingTransport polling() {
        return polling;
    }

    /** How long it takes already, in nanoseconds. */
    long age(long now) {
        return now - since;
    }

    /** The WebSocket has opened. */
    void opened(WebSocketTransport webSocket) {
        candidate = webSocket;
    }

    /** The WebSocket, if it has opened. */
    Optional<WebSocketTransport> candidate() {
        return Optional.ofNullable(candidate);
    }

    boolean isFor(EngineTransport transport) {
        return transport.equals(candidate);
    }

    /** The WebSocket, if its question was answered: the client takes it for its transport at any moment now. */
    Optional<WebSocketTransport> answered() {
        return answered ? candidate() : Optional.empty();
    }

    /** Takes a packet that came over it; what is to become the transport now, if it is. */
    Optional<WebSocketTransport> receive(WebSocketTransport from, EnginePacket packet) {
        if (packet instanceof Upgrade) {
            return Optional.of(from);
        }
        if (!(packet instanceof Ping(Slice data)) || !data.equals(QUESTION)) {
            throw new ProtocolException("expected a probe or an upgrade packet");
        }
        try (EncodeOnce<List<EnginePacket>> pong = new EncodeOnce<>(List.of(new Pong(QUESTION)))) {
            from.send(pong, TransportEncodings.PACKETS, 0, 1);
        }
        answered = true;
        polling.probed(true);
        return Optional.empty();
    }

    /** It was not, or not in time: polling goes on, and the WebSocket is closed if it is open. */
    void fail(@Nullable ErrorCode code, String message) {
        polling.probed(false);
        if (candidate != null) {
            candidate.close(code, message);
        }
    }
}
