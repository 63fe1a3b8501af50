package dev.tutti.socket;

import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;

/** The rules for using streams over the plain WebSocket, server-sent events and REST. Called on virtual threads. */
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
     * {@link #isPublic is not public}. A stream of which one may see only a part, or from which one can be shut out, belongs
     * into a {@link #feed}.
     */
    boolean mayRead(Principal who, StreamName stream);

    /** Whether {@code who} may append to {@code stream}. */
    boolean mayAppend(Principal who, StreamName stream);

    /**
     * The first of {@code streams}, those of one request, each once, to which {@code who} {@link #mayAppend may not append}; empty if there
     * is none.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#LIMIT_REACHED} if so many cannot be asked about at a time
     */
    default Optional<StreamName> refused(Principal who, List<StreamName> streams) {
        return streams.stream().filter(stream -> !mayAppend(who, stream)).findFirst();
    }

    /**
     * Charges {@code who} for all of {@code appends}, those of one request, which are about to be made, or for none. Without effect where
     * nothing is charged for.
     *
     * @return gives back what those of them cost that turn out to add nothing
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#QUOTA_EXCEEDED} if that is too much
     */
    default Charge charge(Principal who, List<Append> appends) {
        return Charge.NONE;
    }

    /** The streams that belong to the feed of {@code who}; empty if this server has no feeds. */
    default Optional<Entitlements> feed(Principal who) {
        return Optional.empty();
    }
}
