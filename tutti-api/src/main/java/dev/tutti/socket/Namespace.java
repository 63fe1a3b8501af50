package dev.tutti.socket;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One Socket.IO namespace: its own sockets, rooms and handlers over the shared transport. As an {@link Emitter} it
 * addresses all of its sockets, at all instances. Set handlers and middlewares before the server starts. All other methods are
 * safe at any time and from any thread.
 */
public interface Namespace extends Emitter {
    /**
     * The kind of the streams that have the messages of {@linkplain #recoverable recoverable} namespaces. They are the server's own: no
     * client reads or appends to one, whatever {@link StreamAccess} says.
     */
    String STREAM_KIND = "socketio";

    /** The name of the namespace, which begins with a slash. */
    String name();

    /**
     * Adds a middleware. It runs for every connecting socket, on a virtual thread, after the middlewares added before. If it throws, the
     * socket is refused. The client gets the code and message of a {@link dev.tutti.TuttiException}, or the message and data of a {@link
     * ConnectRefusedException}. If the code allows another attempt ({@link dev.tutti.ErrorCode#retry}), the connection is closed
     * instead, because clients never try again after a refusal, but do reconnect after a broken connection.
     */
    Namespace use(Consumer<Socket> middleware);

    /** Adds a handler that runs for every connected socket, before its first message, on a virtual thread, in the order added. */
    Namespace onConnection(Consumer<Socket> handler);

    /**
     * Acknowledges a message that has no handler with {@code {error: {code: "not_found"}}}, if the client asks for an acknowledgement. By
     * default such a message gets no answer, as in Socket.IO: the client waits for its own time-out, and sends a message with {@code
     * retries} again.
     */
    Namespace answerUnknown();

    /**
     * Turns on Socket.IO's connection state recovery. A client whose connection broke can come back within two minutes (or the window that
     * is set for the instance), at any instance, as the same socket, even if its instance has died. The socket keeps its id, its rooms, and
     * the values of {@link Socket#data} that are booleans, numbers, strings, lists and maps, without byte arrays. These are converted to
     * JSON and back: a number may get another type, so read it as {@link Number}, and a set becomes a list. The client gets all messages
     * that it missed. If a part of this is not available, the client begins as a new socket; {@link Socket#recovered} tells which. The
     * middlewares of {@link #use} run for every connection, and see the id of a new socket. A client that comes back as another principal
     * is a new socket.
     *
     * <p>Recovery has a price. Every message emitted in this namespace, unless it is {@link #ephemeral}, is first stored as a durable event
     * of at most 256 KiB: {@code emit} blocks until the event is stored, and throws if it cannot be stored. All clients get the messages in
     * the same order. Joining and leaving a room and changing {@link Socket#data} block and throw in the same way. Messages with an
     * acknowledgement are not sent again.
     *
     * <p>Call this at all instances, before the server starts. Blocks. The instance's builder sets the store of the connections.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the name has more than 128 characters, where each
     *     one that is neither a letter nor a digit counts three times; with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the store cannot be
     *     read
     */
    Namespace recoverable();

    /** The sockets that are connected to this instance. For those of all instances use {@link #fetchSockets}. */
    Collection<Socket> sockets();

    /**
     * Sets the handler for {@code event} of other instances; it replaces an earlier one. It runs on a virtual thread, for one
     * event of this namespace at a time.
     */
    Namespace onServerEvent(String event, MessageHandler handler);

    /**
     * Sends {@code event} to the handlers of the other instances, not to clients. It arrives at most once; the data are as in {@link
     * #emit}.
     */
    void serverSideEmit(String event, Object... data);

    /**
     * As {@link #serverSideEmit}; the future completes with the replies of the handlers, when all other instances have replied, or after
     * {@code timeout}. An instance that has this namespace but no handler for {@code event}, for example because it runs another version,
     * is not waited for. It sends no reply, so the result is not {@link Answers#complete}. If the time-out passes, the result has the
     * replies that came; Socket.IO fails in this case. Fails as {@link #emitWithAck} does.
     *
     * @param timeout positive, at most an hour
     */
    CompletableFuture<Answers> serverSideEmitWithAck(Duration timeout, String event, Object... data);
}
