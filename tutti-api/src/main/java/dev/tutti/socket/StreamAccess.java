package dev.tutti.socket;

import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.Optional;

/** Who may do what with which stream over the plain WebSocket, server-sent events and REST. Called on virtual threads. */
public interface StreamAccess {
    /** Whether {@code who} may read {@code stream}, now. */
    boolean mayRead(Principal who, StreamName stream);

    /**
     * Whether {@code who} may subscribe to {@code stream}: may read it, and will for as long as the connection lives, because
     * this is not asked again. Streams that one can be shut out from belong into a {@link #feed}.
     */
    default boolean maySubscribe(Principal who, StreamName stream) {
        return mayRead(who, stream);
    }

    /** Whether {@code who} may append to {@code stream}. */
    boolean mayAppend(Principal who, StreamName stream);

    /** What belongs to the feed of {@code who}; empty if this server has no feeds. */
    default Optional<Entitlements> feed(Principal who) {
        return Optional.empty();
    }
}
