package dev.tutti.server.wiring;

import dev.tutti.core.Tutti;
import dev.tutti.socketio.SocketIoServer;

/** Code of one's own in the process of the server: namespaces and subscriptions beside the built-in features. */
@FunctionalInterface
public interface Application {
    /** Nothing beside the built-in features. */
    Application NONE = (_, _) -> {};

    /** Adds it, once, before the first client comes. {@code sockets} has the built-in features in its namespace {@code /}. */
    void start(Tutti tutti, SocketIoServer sockets);
}
