package dev.tutti.edge.engineio;

import dev.tutti.edge.flow.OutboxBounds;
import java.time.Duration;

/**
 * How Engine.IO sessions are run.
 *
 * @param pingInterval how long a client may say nothing before it is asked, at least 100 ms
 * @param pingTimeout how long it may take to answer then, at least 100 ms
 * @param upgradeTimeout how long a WebSocket may take to become a session's transport
 * @param maxPayload the largest message and the largest request body, in bytes, at least 1,024
 * @param maxPackets the most packets in one request body
 * @param bounds how many bytes may wait for one polling client
 * @param cors who may poll from other origins
 */
public record EngineSettings(
        Duration pingInterval,
        Duration pingTimeout,
        Duration upgradeTimeout,
        int maxPayload,
        int maxPackets,
        OutboxBounds bounds,
        Cors cors) {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** 25 s, 20 s, 10 s, 1 MB, 10,000 packets, the bounds of every connection, no other origins. */
    public static final EngineSettings DEFAULT = new EngineSettings(
            Duration.ofSeconds(25),
            Duration.ofSeconds(20),
            Duration.ofSeconds(10),
            1_000_000,
            10_000,
            OutboxBounds.DEFAULT,
            Cors.NONE);

    public EngineSettings {
        if (pingInterval.compareTo(SHORTEST) < 0 || pingTimeout.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("ping interval " + pingInterval + " and time-out " + pingTimeout
                    + " must be " + SHORTEST + " or more each");
        }
        if (maxPayload < 1024 || maxPackets < 1) {
            throw new IllegalArgumentException("max payload " + maxPayload + " bytes and max packets " + maxPackets
                    + "; allowed are 1024 bytes and more, and 1 packet and more");
        }
    }

    /** The same with another heartbeat. */
    public EngineSettings withPings(Duration interval, Duration timeout) {
        return new EngineSettings(interval, timeout, upgradeTimeout, maxPayload, maxPackets, bounds, cors);
    }

    /** The same with another largest payload. */
    public EngineSettings withMaxPayload(int bytes) {
        return new EngineSettings(pingInterval, pingTimeout, upgradeTimeout, bytes, maxPackets, bounds, cors);
    }

    /** The same with other bounds for polling clients. */
    public EngineSettings withBounds(OutboxBounds bytes) {
        return new EngineSettings(pingInterval, pingTimeout, upgradeTimeout, maxPayload, maxPackets, bytes, cors);
    }

    /** The same with other origins. */
    public EngineSettings withCors(Cors origins) {
        return new EngineSettings(pingInterval, pingTimeout, upgradeTimeout, maxPayload, maxPackets, bounds, origins);
    }
}
