package dev.tutti.server;

import dev.tutti.core.Tutti;
import dev.tutti.http.Routes;
import dev.tutti.socketio.SocketIoServer;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The server that an {@link Application} is started in. For the thread that starts it. */
public interface ServerContext {
    /** Streams, members, leases, workers, caches and feeds of this instance. */
    Tutti tutti();

    /**
     * The Socket.IO server, with the built-in features in its namespace {@code /}. An instance that runs workers alone has no
     * clients of its own, but may emit to those of others.
     */
    SocketIoServer sockets();

    /** The instance's pool, within {@code DB_MAX_CONNECTIONS}, for tables of one's own. */
    DataSource database();

    /** Adds routes, where clients are answered; see {@link dev.tutti.http.Routes}. */
    void routes(Consumer<Routes> add);

    /** Serves the files of the class path's {@code folder} below {@code path}, which begins and ends with a slash. */
    void assets(String path, String folder);
}
