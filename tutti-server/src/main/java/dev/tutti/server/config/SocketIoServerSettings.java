package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.LIMITS;

import java.time.Duration;

/** The settings of Socket.IO. */
public final class SocketIoServerSettings {
    public static final Setting<Duration> PING_TIMEOUT = Setting.open(
            "TUTTI_PING_TIMEOUT",
            LIMITS,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "20s",
            "The time for which a Socket.IO client may be silent after a ping before its connection is closed. A client"
                    + " waits for TUTTI_PING_INTERVAL and this time for the next ping.");

    public static final Setting<Duration> CONNECT_TIMEOUT = Setting.open(
            "TUTTI_SOCKETIO_CONNECT_TIMEOUT",
            LIMITS,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "10s",
            "The time for which a Socket.IO client may be in no namespace before its connection is closed.");

    public static final Setting<Duration> UPGRADE_TIMEOUT = Setting.open(
            "TUTTI_SOCKETIO_UPGRADE_TIMEOUT",
            LIMITS,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "10s",
            "The time within which the WebSocket of a polling Socket.IO client must become its transport. After this"
                    + " time the WebSocket is closed, and the client continues to poll.");

    public static final Setting<Duration> RECOVERY_WINDOW = Setting.open(
            "TUTTI_RECOVERY_WINDOW",
            LIMITS,
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            "2m",
            "The time for which a Socket.IO client of a recoverable namespace may be away and come back as the same"
                    + " socket. Events of the namespace must be kept for longer. The same for all instances.");

    private SocketIoServerSettings() {}
}
