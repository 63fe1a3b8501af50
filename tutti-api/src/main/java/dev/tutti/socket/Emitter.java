package dev.tutti.socket;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A selection of sockets, at all instances, and the actions on them. Immutable: {@link #to}, {@link #except} and {@link #ephemeral} return
 * a changed copy.
 *
 * <p>Outside {@link Namespace#recoverable} namespaces every action takes effect at most once. A client that is not connected at that moment
 * misses it, and so do all clients of an instance that the bus does not reach at that moment. A client that reads so slowly that its queue
 * exceeds its hard bound is disconnected. Append events that must not be lost to a stream instead. After a {@link Socket#join} it takes
 * some milliseconds until messages that other instances send to the room reach the socket.
 *
 * <p>Safe for use by many threads. Blocks only in {@link Namespace#recoverable} namespaces.
 */
public interface Emitter {
    /** Selects the sockets in {@code room}. Further calls add the sockets of further rooms. */
    Emitter to(String room);

    /** Excludes the sockets in {@code room}. The id of a socket is the name of a room that has only this socket. */
    Emitter except(String room);

    /** Lets messages be dropped for clients that are not ready to receive them at once. */
    Emitter ephemeral();

    /**
     * Sends {@code event} with {@code data} to the selected sockets. Data are null, booleans, numbers, strings, lists, maps, records and
     * other values that Jackson can write, {@link dev.tutti.stream.Json}, and byte arrays. Byte arrays are sent as binary, also within
     * lists and maps.
     *
     * @throws dev.tutti.TuttiException if the message cannot be sent; then no client gets it. With {@link dev.tutti.ErrorCode#TOO_LARGE} if
     *     the message has more than 16 MiB and there are other instances; with {@link dev.tutti.ErrorCode#BAD_REQUEST} if Socket.IO's
     *     clients cannot read it: because of more than ten byte arrays, {@code _placeholder} objects beside byte arrays, invalid JSON, or a
     *     reserved event name
     */
    void emit(String event, Object... data);

    /**
     * Sends {@code event} to the selected sockets. The future completes with the clients' acknowledgements: when every client has answered
     * or disconnected, or at the latest two seconds after {@code timeout}. A missing acknowledgement is no failure: see {@link
     * Answers#complete}. The future fails with {@link dev.tutti.ErrorCode#OVERLOADED} if 1,000 calls of this instance wait for answers
     * already. Tasks that depend on it may block.
     *
     * @param timeout for the clients; positive, at most an hour
     * @throws IllegalArgumentException if {@code timeout} is not allowed
     */
    CompletableFuture<Answers> emitWithAck(Duration timeout, String event, Object... data);

    /**
     * Finds the selected sockets. The future fails with a {@link dev.tutti.TuttiException}: with {@link dev.tutti.ErrorCode#TIMEOUT} if an
     * instance that is alive does not answer within five seconds; with {@link dev.tutti.ErrorCode#TOO_LARGE} if the answer of an instance
     * has more than 16 MiB, or an instance cannot list its sockets, for which the log of that instance has the reason. Tasks that depend on
     * it may block.
     */
    CompletableFuture<List<RemoteSocket>> fetchSockets();

    /** Adds the selected sockets to {@code room}, except those that are in 1,000 rooms already. */
    void join(String room);

    /** Removes the selected sockets from {@code room}. */
    void leave(String room);

    /** Disconnects the selected sockets, with {@link DisconnectReason#SERVER}. */
    void disconnect();
}
