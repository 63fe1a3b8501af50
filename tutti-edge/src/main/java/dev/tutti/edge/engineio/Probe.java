package dev.tutti.edge.engineio;

import dev.tutti.core.stream.Shared;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.engineio.EnginePacket.Ping;
import dev.tutti.protocol.engineio.EnginePacket.Pong;
import dev.tutti.protocol.engineio.EnginePacket.Upgrade;
import java.util.List;

/**
 * A WebSocket that wants to become the transport of a polling session. Confined to the session's loop.
 *
 * @param since when it was opened, in nanoseconds
 */
record Probe(WebSocketTransport candidate, PollingTransport polling, long since) {
    private static final Slice QUESTION = Slice.of("probe");

    /** Takes a packet that came over it; whether it is to become the transport now. */
    boolean receive(EnginePacket packet) {
        if (packet instanceof Upgrade) {
            return true;
        }
        if (!(packet instanceof Ping(Slice data)) || !data.equals(QUESTION)) {
            throw new ProtocolException("expected a probe or an upgrade packet");
        }
        try (Shared<List<EnginePacket>> pong = new Shared<>(List.of(new Pong(QUESTION)))) {
            candidate.send(pong, Forms.PACKETS, 0, 1);
        }
        polling.probed(true);
        return false;
    }

    /** It was not, or not in time. */
    void failed() {
        polling.probed(false);
    }
}
