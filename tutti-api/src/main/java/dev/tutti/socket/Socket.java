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
 * One client in one namespace. Its handlers run on virtual threads, one at a time and in the order in which the client
 * sent; they may block. All methods are safe from any thread.
 */
public interface Socket {
    /**
     * A random id, 20 characters or more, new for each connection but one that is {@link #recovered}. Also the name of a room that has just this socket; no
     * other one should join it.
     */
    String id();

    /** The namespace it is in. */
    Namespace namespace();

    /** How it introduced itself. */
    Handshake handshake();

    /** The client's identity; an anonymous principal with the socket's id until {@link #authenticated} was called. */
    Principal principal();

    /** Sets who it is. The connection is cut when {@link Principal#until} passes without a later call. */
    void authenticated(Principal principal);

    /**
     * Whether it is the one that its client was before the connection broke, and the client gets all that it missed; only in
     * a {@link Namespace#recoverable} namespace.
     */
    boolean recovered();

    /**
     * The values that the application remembers of it; gone with the connection unless that is {@link Namespace#recoverable}. Values
     * that come back then come out of JSON: a {@code Long} may have become an {@code Integer}, so read numbers as {@link Number}.
     */
    ConcurrentMap<String, Object> data();

    /** Sets the handler of {@code event}, in place of an earlier one. */
    Socket on(String event, MessageHandler handler);

    /** Adds what happens when the connection has ended, after the last message, on a virtual thread. */
    Socket onDisconnect(Consumer<DisconnectReason> handler);

    /** Puts it into {@code room}, at most 1,000 rooms at a time. */
    void join(String room);

    /** Takes it out of {@code room}. */
    void leave(String room);

    /** The rooms it is in, its own id among them. */
    Set<String> rooms();

    /** Sends to this client alone, with the promises of {@link Emitter#emit}. */
    void emit(String event, Object... data);

    /** As {@link #emit}, dropped if the client is not ready to receive at once. */
    void emitEphemeral(String event, Object... data);

    /**
     * Sends, and completes with what the client acknowledges; fails with a {@link dev.tutti.TuttiException} of {@link
     * dev.tutti.ErrorCode#TIMEOUT} after {@code timeout}, of {@link dev.tutti.ErrorCode#GOING_AWAY} when it
     * disconnects first, or of {@link dev.tutti.ErrorCode#LIMIT_REACHED} if 1,000 answers of this client are waited for
     * already. On a virtual thread, {@code join()} on it is cheap.
     *
     * <p>While a handler of this client joins, the client's next messages wait. When 256 of them do, or as many bytes as one message may have, no
     * more is read from the client, and what it acknowledges behind them is not heard: the call fails with the time-out. With a client that sends
     * so much meanwhile, let the handler return, and go on when the future completes.
     *
     * @param timeout more than nothing and an hour at most
     * @throws IllegalArgumentException if {@code timeout} is not
     */
    CompletableFuture<List<@Nullable Object>> emitWithAck(Duration timeout, String event, Object... data);

    /** Everybody in {@code room} but this socket. */
    Emitter to(String room);

    /** Everybody in the namespace but this socket. */
    Emitter broadcast();

    /**
     * Sends the events of {@code stream} behind {@code after}, then new ones as they come, as messages {@code event} with
     * one {@code {stream, seq, type, at, data, key}} each; a {@code gap} message {@code {stream, after, resume}} where
     * they are no longer kept. In order, without hole or repeat, however slowly the client reads.
     */
    void subscribe(StreamName stream, long after);

    /** Ends {@link #subscribe(StreamName, long)}. */
    void unsubscribe(StreamName stream);

    /**
     * Tells the client how feed {@code key} is, if that is newer than {@code known}, and again whenever it has changed, in messages
     * {@code feed} with one {@code {key, version, value}}: the latest alone, if the client reads slowly. In place of an earlier
     * subscription to the same feed; blocks.
     *
     * @param known the version that the client has; 0 for none. One that is newer than what is held is not believed
     * @return the version that is held; 0 if none is
     */
    long subscribe(FeedKey key, long known);

    /** Ends {@link #subscribe(FeedKey, long)}. */
    void unsubscribe(FeedKey key);

    /**
     * Brings it everything in {@code entitlements}: messages as of {@link #subscribe(StreamName, long)}, and {@code position} messages for
     * the client's resume token. One feed at a time.
     *
     * @param token what the client saw last; null to begin now
     */
    void follow(Entitlements entitlements, @Nullable String token);

    /** Ends it, with {@link DisconnectReason#SERVER}. */
    void disconnect();
}
