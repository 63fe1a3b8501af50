package dev.tutti.hello;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.socketio.SocketIoServer;

/** A chat room. Any number of equal instances share one PostgreSQL, and each message reaches the clients of all instances. */
public final class Room {
    private Room() {}

    static Tutti start(String databaseUrl, String secret, int port) {
        Tutti tutti = Tutti.on(PostgresBackend.open(databaseUrl)).secret(secret).start();
        SocketIoServer io = new SocketIoServer(tutti);
        io.namespace("/").onConnection(me -> me.on("say", what -> me.broadcast().emit("said", what.text(0))));
        Edge.of(tutti).port(port).endpoint(io).start();
        return tutti;
    }
}
