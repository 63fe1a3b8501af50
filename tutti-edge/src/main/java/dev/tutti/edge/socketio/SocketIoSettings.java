package dev.tutti.edge.socketio;

import dev.tutti.edge.engineio.EngineSettings;
import dev.tutti.edge.flow.TokenBucket;
import java.time.Duration;

/**
 * How the Socket.IO server is run.
 *
 * @param engine how its sessions are run
 * @param path where it answers, with slashes around it
 * @param connectTimeout how long a session may be in no namespace before it is closed
 * @param maxAttachments the most binary attachments of one message
 * @param maxWaiting how many messages of one client may wait for their handlers before no more is read from it
 * @param rate how many messages one client may send; what is beyond is refused, or dropped if it asks for no answer
 */
public record SocketIoSettings(
        EngineSettings engine,
        String path,
        Duration connectTimeout,
        int maxAttachments,
        int maxWaiting,
        TokenBucket.Rate rate) {
    /** At {@code /socket.io/}, 45 s, 64 attachments, 256 messages, 200 messages/s in bursts of 1,000. */
    public static final SocketIoSettings DEFAULT = new SocketIoSettings(
            EngineSettings.DEFAULT, "/socket.io/", Duration.ofSeconds(45), 64, 256, new TokenBucket.Rate(200, 1000));

    public SocketIoSettings {
        if (!path.startsWith("/") || !path.endsWith("/")) {
            throw new IllegalArgumentException("Socket.IO path '" + path + "' must begin and end with a slash");
        }
        if (maxAttachments < 0 || maxWaiting < 1) {
            throw new IllegalArgumentException("max attachments " + maxAttachments + " and max waiting " + maxWaiting
                    + "; allowed are 0 and more, and 1 and more");
        }
    }

    /** The same with other sessions. */
    public SocketIoSettings withEngine(EngineSettings settings) {
        return new SocketIoSettings(settings, path, connectTimeout, maxAttachments, maxWaiting, rate);
    }

    /** The same with another rate. */
    public SocketIoSettings withRate(TokenBucket.Rate messages) {
        return new SocketIoSettings(engine, path, connectTimeout, maxAttachments, maxWaiting, messages);
    }

    /** The same with another time to join a namespace. */
    public SocketIoSettings withConnectTimeout(Duration timeout) {
        return new SocketIoSettings(engine, path, timeout, maxAttachments, maxWaiting, rate);
    }

    /** The same with another number of waiting messages. */
    public SocketIoSettings withMaxWaiting(int messages) {
        return new SocketIoSettings(engine, path, connectTimeout, maxAttachments, messages, rate);
    }
}
