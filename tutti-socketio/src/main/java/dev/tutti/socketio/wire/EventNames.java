package dev.tutti.socketio.wire;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.protocol.ProtocolException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of events. */
public final class EventNames {
    /** Told to a client whose principal's time ran out, before it is disconnected. */
    public static final String EXPIRED = "auth:expired";

    /** Told to a client that got nothing for long: how far it is, see {@link Offset}. */
    public static final String OFFSET = "offset";

    /** The names that the official clients take for their own: they neither send nor read one. */
    private static final Set<String> RESERVED =
            Set.of("connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener");

    private EventNames() {}

    /**
     * The name that a payload begins with; a number is taken as text, as JavaScript does.
     *
     * @throws ProtocolException if it does not begin with one that a client may send
     */
    public static String name(List<@Nullable Object> payload) {
        @Nullable Object first = payload.isEmpty() ? null : payload.getFirst();
        return switch (first) {
            case String name when !RESERVED.contains(name) -> name;
            case Double number
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> Long.toString(number.longValue());
            case Number number -> number.toString();
            case null, default -> throw new ProtocolException("expected the name of an event, none of " + RESERVED);
        };
    }

    /**
     * Checks that clients read messages called {@code name}.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if they do not
     */
    static void requireReadable(String name) {
        if (RESERVED.contains(name)) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST, "event name '" + name + "' is reserved, as are all of " + RESERVED);
        }
    }
}
