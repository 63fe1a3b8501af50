package dev.tutti.cli.proof.recovery;

import static java.util.Objects.requireNonNull;

import dev.tutti.core.Tutti;
import dev.tutti.core.bus.ClusterSecret;
import dev.tutti.core.member.MembershipSettings;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.http.Reply;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBus;
import dev.tutti.postgres.PostgresBusSettings;
import dev.tutti.postgres.ControlConnection;
import dev.tutti.postgres.PostgresMemberStore;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresRecoveryStore;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.SocketIoServer;
import dev.tutti.socketio.SocketIoSettings;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** One instance of an application: a room in which everybody hears what is said. */
final class Lobby {
    private Lobby() {}

    public static void main(String... arguments) {
        PostgresPoolSettings settings = PostgresPoolSettings.of(PostgresAddress.parse(System.getenv("DATABASE_URL")))
                .named("lobby " + UUID.randomUUID());
        PostgresPool pool = new PostgresPool(settings);
        PostgresStreamStore streams =
                PostgresStreamStore.open(pool, RetentionPolicy.of(Retention.of(Duration.ofHours(1))));
        ControlConnection line = new ControlConnection(settings);
        Tutti tutti = Tutti.over(streams)
                .members(new PostgresMemberStore(line, settings.sessions()), MembershipSettings.DEFAULT)
                .bus(new PostgresBus(pool, line, PostgresBusSettings.DEFAULT))
                .secret(ClusterSecret.of("a secret of the tests, and of no one else", Optional.empty()))
                .recoveries(new PostgresRecoveryStore(pool, settings.statement()))
                .start();
        SocketIoServer io = new SocketIoServer(SocketIoSettings.DEFAULT, tutti);
        Namespace lobby = io.namespace("/").recoverable();
        lobby.onConnection(socket -> welcome(socket, lobby));
        Edge.of(tutti)
                .settings(EdgeSettings.DEFAULT.listen("127.0.0.1", Integer.parseInt(System.getenv("PORT"))))
                .routes(routes -> routes.on("GET", "/health/ready", _ -> Reply.ok("ready")))
                .endpoint(io)
                .start();
    }

    private static void welcome(Socket socket, Namespace lobby) {
        socket.on("enter", message -> {
            socket.attributes().put("name", message.text(0));
            socket.join("lobby");
            message.reply();
        });
        socket.on("say", message -> {
            lobby.to("lobby").emit("said", requireNonNull(socket.attributes().get("name")), message.text(0));
            message.reply();
        });
    }
}
