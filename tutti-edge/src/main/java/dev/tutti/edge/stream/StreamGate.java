package dev.tutti.edge.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.stream.Streams;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Optional;

/** What every way to the streams asks before it lets a client in. Blocks. Safe for use by many threads. */
public final class StreamGate {
    /** The kind of streams that no client reads or appends to. */
    public static final String INTERNAL = "socketio";

    private final Streams streams;
    private final Authenticator authenticator;
    private final StreamAccess access;

    /** A gate to {@code streams}. */
    public StreamGate(Streams streams, Authenticator authenticator, StreamAccess access) {
        this.streams = streams;
        this.authenticator = authenticator;
        this.access = access;
    }

    /** The streams. */
    public Streams streams() {
        return streams;
    }

    /** Who this is. */
    public Principal who(Handshake handshake) {
        return authenticator.authenticate(handshake);
    }

    /** Whether anybody may read {@code stream}, also without having signed in. */
    public boolean isPublic(StreamName stream) {
        return !isOurs(stream) && access.isPublic(stream);
    }

    /**
     * The reader of {@code stream}, by what {@code handshake} shows; empty if anybody may, who is not asked then. The refusal of a client
     * without credentials does not tell whether there is such a stream.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#FORBIDDEN} if nobody may by that
     */
    public Optional<Principal> reader(Handshake handshake, StreamName stream) {
        if (isPublic(stream)) {
            return Optional.empty();
        }
        Principal who = who(handshake);
        requireReadable(who, stream);
        return Optional.of(who);
    }

    /** The stream called {@code name}, which {@code who} may read. */
    public StreamName readable(Principal who, String name) {
        StreamName stream = new StreamName(name);
        if (!isPublic(stream)) {
            requireReadable(who, stream);
        }
        return stream;
    }

    private void requireReadable(Principal who, StreamName stream) {
        if (isOurs(stream) || !access.mayRead(who, stream)) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "you may not read " + stream);
        }
    }

    /** The append that {@code fields}, with type, data and maybe key, ask for, which {@code who} may do, and is charged for. */
    public Append append(Principal who, String name, JsonFields fields) {
        Append append = permitted(who, name, fields);
        access.charge(who, append);
        return append;
    }

    /** As above, of several that say which stream themselves. Nothing is charged if one of them may not be. */
    List<Append> appends(Principal who, List<JsonFields> several) {
        List<Append> appends = several.stream()
                .map(fields -> permitted(who, fields.required("stream"), fields))
                .toList();
        appends.forEach(append -> access.charge(who, append));
        return appends;
    }

    private Append permitted(Principal who, String name, JsonFields fields) {
        StreamName stream = new StreamName(name);
        Append append = new Append(
                stream,
                fields.required("type"),
                fields.payload().orElseThrow(() -> new TuttiException(ErrorCode.BAD_REQUEST, "field data is missing")),
                fields.text("key").orElse(null));
        if (isOurs(stream) || !access.mayAppend(who, stream)) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "you may not append to " + stream);
        }
        return append;
    }

    /** Whether it has what Socket.IO's servers tell each other, whatever the application says. */
    private static boolean isOurs(StreamName stream) {
        return stream.kind().equals(INTERNAL);
    }

    /** What belongs to the feed of {@code who}. */
    public Entitlements feed(Principal who) {
        return access.feed(who)
                .orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "there are no feeds at this server"));
    }
}
