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
            "How long a Socket.IO client may be silent after a ping before its connection is closed. Clients wait for the"
                    + " next ping as long as that, too.");

    public static final Setting<Duration> CONNECT_TIMEOUT = Setting.open(
            "TUTTI_SOCKETIO_CONNECT_TIMEOUT",
            LIMITS,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "10s",
            "How long a Socket.IO client may be in no namespace before its connection is closed.");

    public static final Setting<Duration> UPGRADE_TIMEOUT = Setting.open(
            "TUTTI_SOCKETIO_UPGRADE_TIMEOUT",
            LIMITS,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "10s",
            "How long the WebSocket of a Socket.IO client that polls may take to become its transport before it is closed."
                    + " The client then goes on polling.");

    public static final Setting<Duration> RECOVERY_WINDOW = Setting.open(
            "TUTTI_RECOVERY_WINDOW",
            LIMITS,
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
            "2m",
            "For how long a Socket.IO client of a recoverable namespace may be away and come back as the socket that it was."
                    + " The same for all instances; events of the namespace must be kept for longer.");

    private SocketIoServerSettings() {}
}
