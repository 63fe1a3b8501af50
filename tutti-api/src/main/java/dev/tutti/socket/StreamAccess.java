package dev.tutti.socket;

import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.Optional;

/** Who may do what with which stream over the plain WebSocket, server-sent events and REST. Called on virtual threads. */
public interface StreamAccess {
    /**
     * Whether anybody may read {@code stream}, all of it, also without having signed in; by default no stream is for anybody. Appending is never
     * for anybody.
     */
    default boolean isPublic(StreamName stream) {
        return false;
    }

    /**
     * Whether {@code who} may read {@code stream}, all of it, and subscribe to it for as long as the connection lives, where it
     * {@link #isPublic is not public}. What one may see only a part of, or can be shut out from, belongs into a {@link #feed}.
     */
    boolean mayRead(Principal who, StreamName stream);

    /** Whether {@code who} may append to {@code stream}. */
    boolean mayAppend(Principal who, StreamName stream);

    /**
     * Charges {@code who} for {@code append}, which is about to be made. Without effect where nothing is charged for.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#QUOTA_EXCEEDED} if that is too much
     */
    default void charge(Principal who, Append append) {}

    /** What belongs to the feed of {@code who}; empty if this server has no feeds. */
    default Optional<Entitlements> feed(Principal who) {
        return Optional.empty();
    }
}
