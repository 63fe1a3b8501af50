package dev.tutti.socket;

import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;

/** The rules for using streams over the plain WebSocket, server-sent events and REST. Called on virtual threads. */
public interface StreamAccess {
    /**
     * Whether everybody may read the whole of {@code stream}, even without a login. By default no stream is public. Appending always needs
     * a login.
     */
    default boolean isPublic(StreamName stream) {
        return false;
    }

    /**
     * Whether {@code who} may read the whole of {@code stream}, and subscribe to it for as long as the connection lives. The result does
     * not matter for a {@linkplain #isPublic public} stream. Use {@link #entitlements} for streams of which somebody may see only a part,
     * or may lose access.
     */
    boolean mayRead(Principal who, StreamName stream);

    /** Whether {@code who} may append to {@code stream}. */
    boolean mayAppend(Principal who, StreamName stream);

    /**
     * The first of {@code streams} to which {@code who} {@linkplain #mayAppend may not append}; empty if there is none. The list has each
     * stream of one request once.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#LIMIT_REACHED} if the request has more streams than can be checked
     *     at a time
     */
    default Optional<StreamName> refused(Principal who, List<StreamName> streams) {
        return streams.stream().filter(stream -> !mayAppend(who, stream)).findFirst();
    }

    /**
     * Charges the quota of {@code who} for all {@code appends} of one request, before they are made, or for none of them. By default
     * there is no quota.
     *
     * @return the charge, which is given back for appends that turn out to add no event
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#QUOTA_EXCEEDED} if the quota is exceeded
     */
    default Charge charge(Principal who, List<Append> appends) {
        return Charge.NONE;
    }

    /** The streams that {@code who} is entitled to, for {@code follow} and {@code /api/feed}; empty if this server does not offer these. */
    default Optional<Entitlements> entitlements(Principal who) {
        return Optional.empty();
    }
}
