package dev.tutti.cli.proof.recovery;

import static java.util.Objects.requireNonNull;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.http.Reply;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.SocketIoServer;

/** One instance of an application: a room in which everybody hears what is said. */
final class Lobby {
    private Lobby() {}

    public static void main(String... arguments) {
        Tutti tutti = Tutti.on(PostgresBackend.open(System.getenv("DATABASE_URL")))
                .secret("a secret of the tests, and of no one else")
                .start();
        SocketIoServer io = new SocketIoServer(tutti);
        Namespace lobby = io.namespace("/").recoverable();
        lobby.onConnection(socket -> welcome(socket, lobby));
        Edge.of(tutti)
                .port(Integer.parseInt(System.getenv("PORT")))
                .routes(routes -> routes.on("GET", "/health/ready", _ -> Reply.ok("ready")))
                .endpoint(io)
                .start();
    }

    private static void welcome(Socket socket, Namespace lobby) {
        socket.on("enter", message -> {
            socket.data().put("name", message.text(0));
            socket.join("lobby");
            message.reply();
        });
        socket.on("say", message -> {
            lobby.to("lobby").emit("said", requireNonNull(socket.data().get("name")), message.text(0));
            message.reply();
        });
    }
}
