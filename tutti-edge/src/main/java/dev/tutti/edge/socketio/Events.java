package dev.tutti.edge.socketio;

import dev.tutti.protocol.ProtocolException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of events. */
final class Events {
    /** Told to a client whose principal's time ran out, before it is disconnected. */
    static final String EXPIRED = "auth:expired";

    /** Told to a client that got nothing for long: how far it is, see {@link Offset}. */
    static final String OFFSET = "offset";

    /** What the official clients take for their own; a client that sends one is not one of them. */
    private static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private Events() {}

    /**
     * The name that a payload begins with.
     *
     * @throws ProtocolException if it does not begin with one that a client may send
     */
    static String name(List<@Nullable Object> payload) {
        if (!payload.isEmpty() && payload.getFirst() instanceof String name && !RESERVED.contains(name)) {
            return name;
        }
        throw new ProtocolException("expected the name of an event, none of " + RESERVED);
    }
}
