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
    /** Its name, which begins with a slash. */
    String name();

    /**
     * Adds a check that every connecting socket passes, in the order added, on a virtual thread. What it throws refuses
     * the socket; a {@link dev.tutti.TuttiException}'s code and message are told to the client.
     */
    Namespace use(Consumer<Socket> middleware);

    /** Adds what happens when a socket has connected: on a virtual thread, in the order added, before its first message. */
    Namespace onConnection(Consumer<Socket> handler);

    /** The sockets connected here, at this instance; those of all are told by {@link #fetchSockets}. */
    Collection<Socket> sockets();

    /**
     * Sets what happens when another instance sends {@code event}, in place of an earlier handler: on a virtual thread, one
     * event of this namespace at a time.
     */
    Namespace onServerEvent(String event, MessageHandler handler);

    /** Sends {@code event} to the handlers of the other instances, not to clients: at most once, data as of {@link #emit}. */
    void serverEmit(String event, Object... data);

    /**
     * As {@link #serverEmit}, and completes with what the handlers reply: when all other instances have, but within {@code
     * timeout}. Fails as {@link #call} does.
     *
     * @param timeout more than nothing and an hour at most
     */
    CompletableFuture<Answers> serverCall(Duration timeout, String event, Object... data);
}
