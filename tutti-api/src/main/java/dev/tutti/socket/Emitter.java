package dev.tutti.socket;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Says whom something is for, at all instances, and does it. Immutable: each method that says whom gives a narrowed copy.
 * Outside {@link Namespace#recoverable} namespaces what is done this way is done at most once: a client that is away at that moment
 * misses it, so do all of an instance that the bus does not reach then, and one that reads slower than its queue's hard bound is
 * disconnected. Events that must not be lost are appended to a stream instead. Other instances know some milliseconds after a
 * {@link Socket#join} that they have to tell this one what is for that room.
 *
 * <p>Safe for use by many threads; blocks in {@link Namespace#recoverable} namespaces only.
 */
public interface Emitter {
    /** Those in {@code room}; called again, those in that room as well. */
    Emitter to(String room);

    /** Not those in {@code room}. A socket's id is a room of its own. */
    Emitter except(String room);

    /** May be dropped for those who are not ready to receive at once. */
    Emitter ephemeral();

    /**
     * Sends {@code event} with {@code data}: null, booleans, numbers, strings, lists, maps, records and other values that
     * Jackson writes, {@link dev.tutti.stream.Json}, and byte arrays, also nested in lists and maps, as binary.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#TOO_LARGE} if it has more than 16 MiB and there are
     *     other instances; with {@link dev.tutti.ErrorCode#BAD_REQUEST} if it is something that Socket.IO's clients cannot read:
     *     more than ten byte arrays, {@code _placeholder} objects beside byte arrays, JSON that is none, or an event's name that
     *     they keep for themselves. Then nobody gets it
     */
    void emit(String event, Object... data);

    /**
     * Sends, and completes with what the clients acknowledge: when all have, or are gone, but within {@code timeout} and two
     * seconds. It does not fail because some did not answer; it fails with {@link dev.tutti.ErrorCode#OVERLOADED} if
     * 1,000 answers are waited for already. Tasks that depend on it may block.
     *
     * @param timeout for the clients, more than nothing and an hour at most
     * @throws IllegalArgumentException if {@code timeout} is not
     */
    CompletableFuture<Answers> emitWithAck(Duration timeout, String event, Object... data);

    /**
     * Finds them. Fails with a {@link dev.tutti.TuttiException} of {@link dev.tutti.ErrorCode#TIMEOUT} if an instance that is
     * alive did not answer within five seconds, of {@link dev.tutti.ErrorCode#TOO_LARGE} if what one says of its sockets has
     * more than 16 MiB, or it could not say it, for which its log has the reason. Tasks that depend on it may block.
     */
    CompletableFuture<List<RemoteSocket>> fetchSockets();

    /** Puts them into {@code room}, but for those that are in 1,000 already. */
    void join(String room);

    /** Takes them out of {@code room}. */
    void leave(String room);

    /** Disconnects them, with {@link DisconnectReason#SERVER}. */
    void disconnect();
}
