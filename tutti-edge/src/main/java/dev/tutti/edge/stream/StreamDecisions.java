package dev.tutti.edge.stream;

import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.StreamName;

/**
 * The decision that every way to the streams makes: as {@code access} says, but that no client reads or appends to what is the server's
 * own. Blocks as {@code access} does.
 */
public record StreamDecisions(StreamAccess access) {
    /** Whether {@code stream} has what instances tell each other, whatever the application says. */
    public static boolean isInternal(StreamName stream) {
        return stream.kind().equals(Namespace.STREAM_KIND);
    }

    /** Whether anybody may read {@code stream}, also without having signed in. */
    public boolean isPublic(StreamName stream) {
        return !isInternal(stream) && access.isPublic(stream);
    }

    /** Whether {@code who} may read {@code stream}. */
    public boolean mayRead(Principal who, StreamName stream) {
        return isPublic(stream) || (!isInternal(stream) && access.mayRead(who, stream));
    }

    /** Whether {@code who} may append to {@code stream}. */
    public boolean mayAppend(Principal who, StreamName stream) {
        return !isInternal(stream) && access.mayAppend(who, stream);
    }
}
