package dev.tutti.socketio;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.http.Exchange;
import dev.tutti.socket.Namespace;
import dev.tutti.socketio.cluster.ClusterAdapter;
import dev.tutti.socketio.engineio.EngineServer;
import dev.tutti.socketio.engineio.EngineSettings;
import dev.tutti.socketio.handler.MessageDispatcher;
import dev.tutti.socketio.socket.ConnectionContext;
import dev.tutti.socketio.socket.ConnectionSettings;
import dev.tutti.socketio.socket.SocketIoConnection;
import dev.tutti.socketio.wire.Payloads;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The Socket.IO server: namespaces that clients join over Engine.IO sessions. A namespace reaches over all instances. Make one server
 * for each {@link Tutti}, create its namespaces, and then pass it to an edge as an endpoint. Safe for use by many threads.
 */
public final class SocketIoServer implements Endpoint.Factory {
    private static final int LONGEST_NAME = 200;

    private final SocketIoSettings settings;
    private final Tutti tutti;
    private final Payloads payloads;
    private final ClusterAdapter cluster;
    private final LongSupplier ticker;
    private final Map<String, ServerNamespace> namespaces = new ConcurrentHashMap<>();
    private @Nullable EdgeParts parts; // set before the first connection

    /** A server on {@code tutti} with {@link SocketIoSettings#DEFAULT}. */
    public SocketIoServer(Tutti tutti) {
        this(SocketIoSettings.DEFAULT, tutti);
    }

    /** A server on {@code tutti} with these settings. */
    public SocketIoServer(SocketIoSettings settings, Tutti tutti) {
        this(settings, tutti, System::nanoTime);
    }

    /** The same, with a monotonic clock in nanoseconds. */
    public SocketIoServer(SocketIoSettings settings, Tutti tutti, LongSupplier ticker) {
        this.settings = settings;
        this.tutti = tutti;
        this.payloads = new Payloads(tutti.json(), settings.maxAttachments());
        this.ticker = ticker;
        this.cluster = new ClusterAdapter(namespaces::get, payloads, tutti);
        cluster.start();
    }

    /**
     * The namespace {@code name}, which is created at the first call. Clients can join only namespaces that exist.
     *
     * @throws IllegalArgumentException if the name does not begin with a slash, or has a comma, or more than 200
     *     characters
     */
    public Namespace namespace(String name) {
        if (!name.startsWith("/") || name.indexOf(',') >= 0 || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("namespace '" + name
                    + "' must begin with a slash, have no comma and at most " + LONGEST_NAME + " characters");
        }
        return namespaces.computeIfAbsent(name, fresh -> {
            cluster.opened(fresh);
            return new ServerNamespace(fresh, cluster, payloads, tutti, this::mostMissed);
        });
    }

    /** The namespace {@code name}, if it exists. */
    public Optional<Namespace> existing(String name) {
        return Optional.ofNullable(namespaces.get(name));
    }

    /**
     * Makes this server an endpoint of an edge.
     *
     * @throws IllegalStateException if it is the endpoint of an edge already
     */
    @Override
    public Endpoint create(EdgeParts given) {
        if (parts != null) {
            throw new IllegalStateException("this Socket.IO server is an edge's endpoint already");
        }
        parts = given;
        ConnectionContext context = context(given);
        EngineServer engine = new EngineServer(
                engineSettings(given.settings()),
                given.flow(),
                given.connections(),
                given.authenticator(),
                given.clock(),
                ticker,
                given.tutti(),
                session -> new SocketIoConnection(context, session));
        return new Endpoint() {
            @Override
            public String path() {
                return settings.path();
            }

            @Override
            public void handle(Exchange exchange) {
                String asked = exchange.uri().path();
                if (!asked.equals(settings.path()) && !(asked + "/").equals(settings.path())) {
                    throw new TuttiException(ErrorCode.NOT_FOUND, "there is nothing at this path");
                }
                engine.handle(exchange);
            }

            @Override
            public List<Runnable> drainTasks() {
                return engine.drainTasks();
            }
        };
    }

    private EngineSettings engineSettings(EdgeSettings edge) {
        return new EngineSettings(
                edge.times().ping(),
                settings.pingTimeout(),
                settings.upgradeTimeout(),
                edge.sizes().message(),
                settings.maxPackets(),
                edge.outbox());
    }

    /** The connection to the servers of the other instances. */
    ClusterAdapter cluster() {
        return cluster;
    }

    private ConnectionContext context(EdgeParts edge) {
        ConnectionSettings each = new ConnectionSettings(
                settings.maxAttachments(),
                edge.settings().sizes().message(),
                settings.maxWaiting(),
                edge.settings().messageRate(),
                settings.connectTimeout(),
                edge.settings()
                        .times()
                        .ping()
                        .plus(settings.pingTimeout())); // a client that is silent for longer is gone
        return new ConnectionContext(
                each,
                edge,
                namespaces::get,
                tutti,
                payloads,
                new MessageDispatcher(payloads, edge.flow().metrics()),
                cluster.clusterRequests().broadcastAcks(),
                () -> cluster.self().newId(),
                ticker);
    }

    /** The most bytes that a client may have missed when it comes back: they all wait for it at the same time. */
    private int mostMissed() {
        return parts().settings().outbox().hardBytes() / 2;
    }

    private EdgeParts parts() {
        if (parts == null) {
            throw new IllegalStateException("this Socket.IO server is no edge's endpoint yet");
        }
        return parts;
    }
}
