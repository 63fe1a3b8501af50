package dev.tutti.hello;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.backend.Backend;
import dev.tutti.core.Tutti;
import dev.tutti.core.health.Health;
import dev.tutti.edge.Edge;
import dev.tutti.edge.sse.EventStreams;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.edge.stream.StreamRoutes;
import dev.tutti.edge.ws.PlainWebSocket;
import dev.tutti.http.Reply;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.socketio.SocketIoServer;
import dev.tutti.stream.StreamName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server that offers streams over Socket.IO, a plain WebSocket, server-sent events and REST, to clients with a token. */
public final class AllTransports implements AutoCloseable {
    private static final StreamName LOBBY = new StreamName("room:lobby");

    private static final StreamAccess ROOMS = new StreamAccess() {
        @Override
        public boolean isPublic(StreamName stream) {
            return stream.value().equals("room:news"); // may be read without a token
        }

        @Override
        public boolean mayRead(Principal who, StreamName stream) {
            return stream.kind().equals("room");
        }

        @Override
        public boolean mayAppend(Principal who, StreamName stream) {
            return stream.kind().equals("room");
        }
    };

    private final Tutti tutti;
    private final Edge edge;

    private AllTransports(Tutti tutti, Edge edge) {
        this.tutti = tutti;
        this.edge = edge;
    }

    public static void main(String... arguments) {
        Backend backend = PostgresBackend.open(arguments[0]);
        AllTransports server = start(backend, arguments[1], byToken(Map.of("token-of-ann", "ann")), 3000);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close)); // SIGTERM, Ctrl-C
    }

    static AllTransports start(Backend backend, String secret, Authenticator authenticator, int port) {
        Tutti tutti = Tutti.on(backend).secret(secret).start();
        try {
            return new AllTransports(tutti, listen(tutti, authenticator, port));
        } catch (RuntimeException | Error failure) { // for example, the port is in use
            tutti.close();
            throw failure;
        }
    }

    private static Edge listen(Tutti tutti, Authenticator authenticator, int port) {
        SocketIoServer io = new SocketIoServer(tutti);
        io.namespace("/").use(socket -> socket.authenticated(authenticator.authenticate(socket.handshake())));
        io.namespace("/").onConnection(me -> me.on("read", from -> me.subscribe(LOBBY, from.as(0, Long.class))));
        StreamGate gate = new StreamGate(tutti.streams(), authenticator, ROOMS);
        return Edge.of(tutti)
                .port(port)
                .authenticator(authenticator)
                .endpoint(io)
                .endpoint(parts -> new PlainWebSocket(parts, ROOMS))
                .endpoint(parts -> EventStreams.ofStream(parts, ROOMS))
                .routes(routes -> StreamRoutes.add(routes, gate, tutti.json()))
                .operator(routes -> routes.on("GET", "/health/ready", _ -> ready(tutti)))
                .start();
    }

    /** Looks a token up in a map. A real program verifies a signature or looks up a session instead. */
    static Authenticator byToken(Map<String, String> people) {
        return handshake -> {
            String token = handshake.auth().get("token") instanceof String shown
                    ? shown
                    : handshake.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
            return Optional.ofNullable(people.get(token))
                    .map(id -> new Principal(id, "login-of-" + id, Instant.MAX))
                    .orElseThrow(() -> new TuttiException(ErrorCode.UNAUTHENTICATED, "this token is nobody's"));
        };
    }

    private static Reply ready(Tutti tutti) {
        Health.Report health = tutti.health().report();
        return new Reply(health.ready() ? 200 : 503, List.of(), health.reasons());
    }

    int port() {
        return edge.port();
    }

    @Override
    public void close() {
        tutti.drain(); // from now on /health/ready answers 503; other instances take over the workers and jobs
        edge.drain(Duration.ofSeconds(2), Duration.ofSeconds(10)); // clients reconnect elsewhere; requests finish
        tutti.close(); // also closes the edge and the backend
    }
}
