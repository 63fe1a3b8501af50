package dev.tutti.socketio.room;

import dev.tutti.socket.Socket;
import io.netty.channel.EventLoop;

/**
 * A socket of this instance, as the code that reaches many of them sees it. Methods beyond those of {@link Socket} are for its
 * event loop alone, unless they say otherwise.
 */
public interface LocalSocket extends Socket {
    /** The event loop of its connection; safe for use by many threads. */
    EventLoop loop();

    /** Where what is shared with others goes out. */
    SocketOutbox outbox();

    /** Whether it has been let in, and has not ended; safe for use by many threads. */
    boolean isConnected();

    /** Whether it is met for the first time in {@code round}, which is greater than those before. */
    boolean meet(long round);

    /** Joins as somebody else says, unless it is in too many rooms. */
    void joinLater(String room);

    /** Leaves as somebody else says. */
    void leaveLater(String room);

    /** Ends it because the application says so. */
    default void disconnectHere() {
        disconnectFormer(Long.MAX_VALUE);
    }

    /** Ends it if its client has come back with the connection of number {@code claim}, and it has a lower one. */
    void disconnectFormer(long claim);
}
