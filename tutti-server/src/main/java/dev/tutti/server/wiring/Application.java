package dev.tutti.server.wiring;

import dev.tutti.core.Tutti;
import dev.tutti.socketio.SocketIoServer;
import javax.sql.DataSource;

/** Code of one's own in the process of the server: namespaces, subscriptions and workers beside the built-in features. */
@FunctionalInterface
public interface Application {
    /** Nothing beside the built-in features. */
    Application NONE = (_, _, _) -> {};

    /**
     * Adds it, once, before the first client comes.
     *
     * @param sockets has the built-in features in its namespace {@code /}; an instance of workers has no clients of its own, but
     *     may emit to those of others
     * @param database the instance's pool, within {@code DB_MAX_CONNECTIONS}, for tables of one's own
     */
    void start(Tutti tutti, SocketIoServer sockets, DataSource database);
}
