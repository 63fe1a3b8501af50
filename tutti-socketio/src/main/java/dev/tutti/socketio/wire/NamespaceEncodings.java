package dev.tutti.socketio.wire;

import dev.tutti.edge.feed.FeedEncodings;
import dev.tutti.edge.flow.StreamEncodings;
import dev.tutti.feed.FeedState;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EngineEncoder;
import dev.tutti.protocol.socketio.SocketEncoder;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.socketio.engineio.TransportEncodings;
import dev.tutti.stream.Event;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The encodings in which streams and feeds go to the sockets of a namespace, as Socket.IO events. Each is the key of what it makes: a
 * namespace keeps its own.
 */
public final class NamespaceEncodings {
    private NamespaceEncodings() {}

    /** {@code 42["event",{…}]} each: the events of streams. */
    public static TransportEncodings<List<Event>> events(String namespace) {
        String head = head(namespace, "event") + "{";
        return new TransportEncodings<>(
                StreamEncodings.textFrames(head, "}]"), StreamEncodings.texts(head, "}]", EngineEncoder.SEPARATOR));
    }

    /** {@code 42["feed",{…}]}: the state of a feed. */
    public static TransportEncodings<FeedState> feeds(String namespace) {
        String head = head(namespace, "feed") + "{";
        return new TransportEncodings<>(FeedEncodings.textFrame(head, "}]"), FeedEncodings.text(head, "}]"));
    }

    /**
     * {@code 42["position","…"]}: a resume token. In a recoverable namespace {@code 42["position","…",null]}, because clients that can
     * come back take a text that is the last argument of a message for their {@link Offset}.
     */
    public static TransportEncodings<String> positions(String namespace, boolean recoverable) {
        String head = head(namespace, "position") + '"';
        String tail = recoverable ? "\",null]" : "\"]";
        return new TransportEncodings<>(StreamEncodings.textFrame(head, tail), StreamEncodings.text(head, tail));
    }

    /** An event packet up to its first argument; {@code event} needs no escaping. */
    private static String head(String namespace, String event) {
        SocketPacket packet = new SocketPacket.Event(namespace, SocketPacket.NO_ID, Slice.EMPTY);
        return (char) EngineEncoder.MESSAGE
                + new String(SocketEncoder.head(packet), StandardCharsets.UTF_8)
                + "[\"" + event + "\",";
    }
}
