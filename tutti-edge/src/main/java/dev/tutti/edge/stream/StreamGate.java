package dev.tutti.edge.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.stream.Streams;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Charge;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.StreamName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** The gate of every way to the streams: it decides whether a client is let in. Blocks. Safe for use by many threads. */
public final class StreamGate {
    private final Streams streams;
    private final Authenticator authenticator;
    private final StreamAccess access;
    private final StreamDecisions decisions;

    /** A gate to {@code streams}. */
    public StreamGate(Streams streams, Authenticator authenticator, StreamAccess access) {
        this.streams = streams;
        this.authenticator = authenticator;
        this.access = access;
        this.decisions = new StreamDecisions(access);
    }

    /** The streams. */
    public Streams streams() {
        return streams;
    }

    /** The principal that {@code handshake} identifies. */
    public Principal who(Handshake handshake) {
        return authenticator.authenticate(handshake);
    }

    /** Whether everybody may read {@code stream}, even without a login. */
    public boolean isPublic(StreamName stream) {
        return decisions.isPublic(stream);
    }

    /**
     * The reader of {@code stream} that {@code handshake} identifies; empty if everybody may read it, and then nobody is authenticated. The
     * refusal of a client without credentials does not reveal whether the stream exists.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED} or {@link ErrorCode#FORBIDDEN} if this client may not read it
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
        requireReadable(who, stream);
        return stream;
    }

    /**
     * Whether {@code who}, who has subscribed to {@code stream}, may still read it.
     *
     * @throws TuttiException if this cannot be decided at the moment
     */
    public boolean mayRead(Principal who, StreamName stream) {
        try {
            return decisions.mayRead(who, stream);
        } catch (TuttiException refused) {
            if (refused.code().retry() == ErrorCode.Retry.NEVER) {
                return false;
            }
            throw refused;
        }
    }

    private void requireReadable(Principal who, StreamName stream) {
        if (!decisions.mayRead(who, stream)) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "you may not read " + stream);
        }
    }

    /**
     * Appends the event in {@code fields} (type, data and optionally key) to a stream, if {@code who} may do this, and charges them for it.
     * If the append adds nothing, the charge is given back before the result is there. Blocks until the append has begun.
     */
    public CompletableFuture<Appended> append(Principal who, String name, JsonFields fields) {
        Append append = append(name, fields);
        if (!decisions.mayAppend(who, append.stream())) {
            throw refused(append.stream());
        }
        Charge charge = access.charge(who, List.of(append));
        return begin(append).whenComplete((appended, failure) -> {
            if (addedNothing(appended, failure)) {
                refund(charge, List.of(append));
            }
        });
    }

    /**
     * The same for several events, each of which names its stream. The right to each stream is checked once. If one append is not allowed,
     * nothing is appended or charged. Blocks until the outcome of each append is known. Then the results are there, in the order of the
     * events.
     */
    List<CompletableFuture<Appended>> appends(Principal who, List<JsonFields> several) {
        List<Append> appends = several.stream()
                .map(fields -> append(fields.required("stream"), fields))
                .toList();
        List<StreamName> streams =
                appends.stream().map(Append::stream).distinct().toList();
        streams.stream()
                .filter(StreamDecisions::isInternal)
                .findFirst()
                .or(() -> access.refused(who, streams))
                .ifPresent(stream -> {
                    throw refused(stream);
                });
        Charge charge = access.charge(who, appends);
        List<CompletableFuture<Appended>> results =
                appends.stream().map(this::begin).toList();
        List<Append> free = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).handle(StreamGate::addedNothing).join()) {
                free.add(appends.get(i));
            }
        }
        if (!free.isEmpty()) {
            refund(charge, free);
        }
        return results;
    }

    /** Each of many appends is refused or accepted on its own, even if there is no room for some. */
    private CompletableFuture<Appended> begin(Append append) {
        try {
            return streams.appendAsync(append);
        } catch (TuttiException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** Whether an append certainly added nothing: it was refused before or by the store, or repeats an event. */
    private static boolean addedNothing(@Nullable Appended appended, @Nullable Throwable failure) {
        if (appended != null) {
            return appended.repeated();
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof NothingAppendedException
                || (cause instanceof TuttiException known
                        && (known.code() == ErrorCode.OVERLOADED || known.code() == ErrorCode.GOING_AWAY));
    }

    /** A failure of the application does not change the result of the append. */
    private static void refund(Charge charge, List<Append> free) {
        boolean _ = Failures.guard("giving back what an append was charged with", () -> charge.refund(free));
    }

    private static Append append(String name, JsonFields fields) {
        return new Append(
                new StreamName(name),
                fields.required("type"),
                fields.payload().orElseThrow(() -> new TuttiException(ErrorCode.BAD_REQUEST, "field data is missing")),
                fields.text("key").orElse(null));
    }

    private static TuttiException refused(StreamName stream) {
        return new TuttiException(ErrorCode.FORBIDDEN, "you may not append to " + stream);
    }

    /** The streams that {@code who} is entitled to, for {@code follow} and {@code /api/feed}. */
    public Entitlements entitlements(Principal who) {
        return access.entitlements(who)
                .orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "there are no feeds at this server"));
    }
}
