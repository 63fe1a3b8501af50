package dev.tutti.socketio;

import java.time.Duration;

/**
 * The settings of the Socket.IO server, in addition to its edge's settings for all transports.
 *
 * @param path the path of the server, with a slash at both ends
 * @param pingTimeout how long a client may be silent after a ping, at least 100 ms
 * @param upgradeTimeout how long a WebSocket may take to become a polling session's transport, more than zero, at most a day
 * @param connectTimeout how long a session may be in no namespace before it is closed, more than zero, at most a day
 * @param maxPackets the most packets in one request body, at least 1
 * @param maxAttachments the most binary attachments of one message in either direction, 0 for none; the official clients
 *     close their connection if a message has eleven
 * @param maxWaiting the most messages of one client that may wait for their handlers; then the server reads no more from it, at least 1
 */
public record SocketIoSettings(
        String path,
        Duration pingTimeout,
        Duration upgradeTimeout,
        Duration connectTimeout,
        int maxPackets,
        int maxAttachments,
        int maxWaiting) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** The defaults: {@code /socket.io/}; time-outs of 20 s, 10 s and 10 s; 10,000 packets, 10 attachments, 256 messages. */
    public static final SocketIoSettings DEFAULT = new SocketIoSettings(
            "/socket.io/", Duration.ofSeconds(20), Duration.ofSeconds(10), Duration.ofSeconds(10), 10_000, 10, 256);

    public SocketIoSettings {
        if (!path.startsWith("/") || !path.endsWith("/")) {
            throw new IllegalArgumentException("Socket.IO path '" + path + "' must begin and end with a slash");
        }
        if (maxPackets < 1 || maxAttachments < 0 || maxWaiting < 1) {
            throw new IllegalArgumentException(
                    "Socket.IO has max packets " + maxPackets + ", attachments " + maxAttachments + " and waiting "
                            + maxWaiting + "; allowed are 1 and more, 0 and more, and 1 and more");
        }
        require("upgrade time-out", upgradeTimeout);
        require("connect time-out", connectTimeout);
    }

    private static void require(String what, Duration timeout) {
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "Socket.IO " + what + " " + timeout + "; allowed are more than PT0S to " + LONGEST);
        }
    }

    /** The same with another path, which has a slash at both ends. */
    public SocketIoSettings withPath(String other) {
        return new SocketIoSettings(
                other, pingTimeout, upgradeTimeout, connectTimeout, maxPackets, maxAttachments, maxWaiting);
    }

    /** The same with another ping time-out. */
    public SocketIoSettings withPingTimeout(Duration timeout) {
        return new SocketIoSettings(
                path, timeout, upgradeTimeout, connectTimeout, maxPackets, maxAttachments, maxWaiting);
    }

    /** The same with another upgrade time-out. */
    public SocketIoSettings withUpgradeTimeout(Duration timeout) {
        return new SocketIoSettings(path, pingTimeout, timeout, connectTimeout, maxPackets, maxAttachments, maxWaiting);
    }

    /** The same with another connect time-out. */
    public SocketIoSettings withConnectTimeout(Duration timeout) {
        return new SocketIoSettings(path, pingTimeout, upgradeTimeout, timeout, maxPackets, maxAttachments, maxWaiting);
    }

    /** The same with another number of messages that may wait. */
    public SocketIoSettings withMaxWaiting(int messages) {
        return new SocketIoSettings(
                path, pingTimeout, upgradeTimeout, connectTimeout, maxPackets, maxAttachments, messages);
    }
}
