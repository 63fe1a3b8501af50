package dev.tutti.socketio;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.Namespace;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.socket.client.Socket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A Socket.IO server on a free port, with its clients; closing it closes them all. */
final class RunningServer implements AutoCloseable {
    final Tutti tutti;
    final SocketIoServer server;
    final Edge edge;
    private final List<OfficialSocket> clients = new ArrayList<>();

    RunningServer(Consumer<SocketIoServer> application) {
        this(EdgeSettings.DEFAULT, SocketIoSettings.DEFAULT, application);
    }

    RunningServer(EdgeSettings settings, SocketIoSettings socketIo, Consumer<SocketIoServer> application) {
        this(settings, socketIo, Clock.systemUTC(), application);
    }

    RunningServer(EdgeSettings settings, SocketIoSettings socketIo, Clock clock, Consumer<SocketIoServer> application) {
        this(
                Tutti.over(new MemoryStreamStore(
                                new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
                        .meters(new SimpleMeterRegistry())
                        .start(),
                settings,
                socketIo,
                clock,
                application);
    }

    /** One on {@code tutti}, which it closes. */
    RunningServer(
            Tutti tutti,
            EdgeSettings settings,
            SocketIoSettings socketIo,
            Clock clock,
            Consumer<SocketIoServer> application) {
        this.tutti = tutti;
        server = new SocketIoServer(socketIo, tutti);
        application.accept(server);
        edge = Edge.of(tutti).settings(settings).clock(clock).endpoint(server).start();
    }

    Namespace namespace() {
        return server.namespace("/");
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + edge.port() + path);
    }

    /** A client that is not connected yet, over {@code transports} alone. */
    Socket client(String path, Map<String, String> auth, String... transports) {
        OfficialSocket client =
                OfficialSocket.at(uri(path)).auth(auth).transports(transports).build();
        clients.add(client);
        return client.library();
    }

    /** A connected client in the main namespace. */
    Socket connected(String... transports) {
        Socket client = client("/", Map.of(), transports);
        ReceivedEvents connected = new ReceivedEvents(client, Socket.EVENT_CONNECT);
        client.connect();
        connected.next();
        return client;
    }

    @Override
    public void close() {
        clients.forEach(OfficialSocket::close);
        edge.close();
        tutti.close();
    }
}
