package dev.tutti.socketio.engineio;

import dev.tutti.edge.flow.OutboxBounds;
import java.time.Duration;

/**
 * The settings of Engine.IO sessions.
 *
 * @param pingInterval how often a client is asked whether it is there, at least 100 ms
 * @param pingTimeout how long it may be silent then, at least 100 ms
 * @param upgradeTimeout how long a WebSocket may take to become a session's transport
 * @param maxPayload the largest message and the largest request body, in bytes, at least 256
 * @param maxPackets the most packets in one request body, at least 1
 * @param bounds how many bytes may wait for one client
 */
public record EngineSettings(
        Duration pingInterval,
        Duration pingTimeout,
        Duration upgradeTimeout,
        int maxPayload,
        int maxPackets,
        OutboxBounds bounds) {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    public EngineSettings {
        if (pingInterval.compareTo(SHORTEST) < 0 || pingTimeout.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("ping interval " + pingInterval + " and time-out " + pingTimeout
                    + " must be " + SHORTEST + " or more each");
        }
        if (maxPayload < 256 || maxPackets < 1) {
            throw new IllegalArgumentException("max payload " + maxPayload + " bytes and max packets " + maxPackets
                    + "; allowed are 256 bytes and more, and 1 packet and more");
        }
    }
}
