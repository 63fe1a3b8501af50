package dev.tutti.socket;

import dev.tutti.feed.FeedKey;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one client to one namespace. Its handlers run on virtual threads, one at a time and in the order of the
 * client's messages; they may block. All methods are safe for use from any thread.
 */
public interface Socket {
    /**
     * A random id of 20 characters or more. Each connection gets a new one, except a {@link #recovered} one, which keeps its id. It is also
     * the name of a room that has only this socket; no other socket should join that room.
     */
    String id();

    /** The namespace to which the client is connected. */
    Namespace namespace();

    /** The client's address, headers, query and credentials, as it sent them when it connected. */
    Handshake handshake();

    /** The client's identity; an anonymous principal with the socket's id until {@link #authenticated} was called. */
    Principal principal();

    /**
     * Sets the client's identity. The connection is closed when {@link Principal#until} has passed, unless a later call has set a newer
     * principal.
     */
    void authenticated(Principal principal);

    /**
     * Whether this socket continues the one that the client had before its connection broke: then the client also gets all
     * messages that it missed. Always false outside {@link Namespace#recoverable} namespaces.
     */
    boolean recovered();

    /**
     * Values that the application stores with the socket. They are lost with the connection, unless the namespace is {@link
     * Namespace#recoverable}. Recovered values were converted to JSON and back: a {@code Long} may have become an {@code Integer}, so read
     * numbers as {@link Number}.
     */
    ConcurrentMap<String, Object> data();

    /** Sets the handler of {@code event}; it replaces an earlier one. */
    Socket on(String event, MessageHandler handler);

    /** Adds a handler that runs when the connection has ended, after the handlers of all messages, on a virtual thread. */
    Socket onDisconnect(Consumer<DisconnectReason> handler);

    /** Adds the socket to {@code room}. A socket is in at most 1,000 rooms at a time. */
    void join(String room);

    /** Removes the socket from {@code room}. */
    void leave(String room);

    /** The rooms of the socket, which include the room with its own id. */
    Set<String> rooms();

    /** Sends to this client alone, with the promises of {@link Emitter#emit}. */
    void emit(String event, Object... data);

    /** As {@link #emit}, but the message is dropped if the client is not ready to receive it at once. */
    void emitEphemeral(String event, Object... data);

    /**
     * Sends {@code event} to this client. The future completes with the arguments of the client's acknowledgement. It fails with a {@link
     * dev.tutti.TuttiException} with {@link dev.tutti.ErrorCode#TIMEOUT} after {@code timeout}, with {@link dev.tutti.ErrorCode#GOING_AWAY}
     * if the client disconnects first, or with {@link dev.tutti.ErrorCode#LIMIT_REACHED} if 1,000 acknowledgements of this client are
     * outstanding already. A virtual thread may wait for it with {@code join()} at little cost.
     *
     * <p>While a handler of this client waits, the client's next messages queue up. When the queue has 256 messages, or as many bytes as
     * one message may have, the server stops reading from the client. It does not see an acknowledgement that comes after these messages,
     * and the future fails with the time-out. If a client may send that much meanwhile, return from the handler, and continue when the
     * future completes.
     *
     * @param timeout positive, at most an hour
     * @throws IllegalArgumentException if {@code timeout} is not allowed
     */
    CompletableFuture<List<@Nullable Object>> emitWithAck(Duration timeout, String event, Object... data);

    /** An emitter to all sockets in {@code room} except this one. */
    Emitter to(String room);

    /** An emitter to all sockets of the namespace except this one. */
    Emitter broadcast();

    /**
     * Sends the client all events of {@code stream} after the number {@code after}, and then each new one. An event is sent as a message
     * {@code event} with {@code {stream, seq, type, at, data, key}}. Where events are missing, the client gets a message {@code gap} with
     * {@code {stream, after, resume, reason}}. All others come in order and once, however slowly the client reads.
     */
    void subscribe(StreamName stream, long after);

    /** Ends {@link #subscribe(StreamName, long)}. */
    void unsubscribe(StreamName stream);

    /**
     * Sends the client the latest version of the feed {@code key} if it is newer than {@code known}, and then each newer one, as messages
     * {@code feed} with {@code {key, version, value}}. A client that reads slowly gets only the latest version. Replaces an earlier
     * subscription to the same feed. Blocks.
     *
     * @param known the version that the client has; 0 for none. If it is newer than the stored version, the client is sent the stored one
     * @return the stored version; 0 if there is none
     */
    long subscribe(FeedKey key, long known);

    /** Ends {@link #subscribe(FeedKey, long)}. */
    void unsubscribe(FeedKey key);

    /**
     * Sends the client the events of all streams in {@code entitlements}, as {@link #subscribe(StreamName, long)} does, and {@code
     * position} messages for its resume token. A later call replaces the earlier one.
     *
     * @param token the client's resume token, which says what it saw last; null to begin with new events
     */
    void follow(Entitlements entitlements, @Nullable String token);

    /** Disconnects the client from the namespace, with {@link DisconnectReason#SERVER}. */
    void disconnect();
}
