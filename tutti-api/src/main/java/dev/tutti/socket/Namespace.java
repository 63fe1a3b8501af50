package dev.tutti.socket;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One Socket.IO namespace: its own connections, rooms and handlers over the shared transport. As an {@link Emitter} it
 * addresses everybody in it. Handlers are set before the server starts; everything else is safe at any time, from any
 * thread.
 */
public interface Namespace extends Emitter {
    /**
     * The kind of the streams that have the messages of {@linkplain #recoverable recoverable} namespaces. They are the server's own: no
     * client reads or appends to one, whatever {@link StreamAccess} says.
     */
    String STREAM_KIND = "socketio";

    /** Its name, which begins with a slash. */
    String name();

    /**
     * Adds a check that every connecting socket passes, in the order added, on a virtual thread. An exception from it refuses
     * the socket; a {@link dev.tutti.TuttiException}'s code and message are told to the client, or the data of a {@link
     * ConnectRefusedException}. If the code says that a later attempt may succeed ({@link dev.tutti.ErrorCode#retry}), the
     * client's connection is closed instead, because clients take a refusal for final, and a broken connection they open again.
     */
    Namespace use(Consumer<Socket> middleware);

    /** Adds what happens when a socket has connected: on a virtual thread, in the order added, before its first message. */
    Namespace onConnection(Consumer<Socket> handler);

    /**
     * Acknowledges messages of clients that no handler is for, if the client asks for that, with {@code {error: {code: "not_found"}}}. Otherwise they are
     * left without an answer, as Socket.IO does it: then the client's own time-out tells, and a message that it sends with {@code retries} is not taken for delivered.
     */
    Namespace answerUnknown();

    /**
     * Lets a client whose connection broke come back, at any instance and also after the death of its own, as the socket that
     * it was: with its id, its rooms, and the values of {@link Socket#data} that are booleans, numbers, strings, lists and maps, without byte
     * arrays, as they come out of JSON (a number may be of another type, so read it as {@link Number}; a set is a list); and gives it all
     * messages that it has missed. If a part of that is not there, the client begins as a new socket: {@link
     * Socket#recovered} tells which. Clients have two minutes, and know how to do it (Socket.IO's connection state
     * recovery). They pass the checks of {@link #use} as always, by the id of a new socket; who is somebody else than before
     * is a new socket.
     *
     * <p>It has its price. A message emitted in this namespace, unless {@link #ephemeral}, is a durable event first, of 256 KiB
     * at most, and reaches everybody in one order: {@code emit} blocks until it is stored, and throws if it cannot be. So do
     * joining and leaving a room, and putting something into {@link Socket#data}. Messages that ask for an answer are not given again.
     *
     * <p>To be called at all instances, before the server starts. Blocks. Where connections are kept is told to the
     * instance's builder.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the name has more than 128 characters,
     *     of which those that are no letters and no digits count three times; with {@link dev.tutti.ErrorCode#UNAVAILABLE} if
     *     the store cannot be read
     */
    Namespace recoverable();

    /** The sockets connected here, at this instance; those of all are told by {@link #fetchSockets}. */
    Collection<Socket> sockets();

    /**
     * Sets what happens when another instance sends {@code event}, in place of an earlier handler: on a virtual thread, one
     * event of this namespace at a time.
     */
    Namespace onServerEvent(String event, MessageHandler handler);

    /** Sends {@code event} to the handlers of the other instances, not to clients: at most once, data as of {@link #emit}. */
    void serverSideEmit(String event, Object... data);

    /**
     * As {@link #serverSideEmit}, and completes with what the handlers reply: when all other instances have, but within {@code
     * timeout}. An instance that has this namespace and no handler for {@code event}, as one of another version may, is not waited for and answers
     * nothing: the answers of the others are not {@link Answers#complete} then. Where Socket.IO fails with a time-out, those that came are told.
     * Fails as {@link #emitWithAck} does.
     *
     * @param timeout more than nothing and an hour at most
     */
    CompletableFuture<Answers> serverSideEmitWithAck(Duration timeout, String event, Object... data);
}
