package dev.tutti.socketio;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.core.stream.Streams;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.LiveSessions;
import dev.tutti.edge.flow.TokenBucket;
import dev.tutti.edge.http.Exchange;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.socket.Namespace;
import dev.tutti.socketio.ClusterMessage.Broadcast;
import dev.tutti.socketio.engineio.EngineServer;
import dev.tutti.socketio.engineio.EngineSettings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The Socket.IO server: namespaces that clients join, over Engine.IO sessions, together with those of the other instances.
 * One for each {@link Tutti}. Its namespaces are made first; then it is given to an edge as an endpoint. Safe for use by many threads.
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

    /** A server on {@code tutti}, as {@link SocketIoSettings#DEFAULT} says. */
    public SocketIoServer(Tutti tutti) {
        this(SocketIoSettings.DEFAULT, tutti);
    }

    /** A server on {@code tutti}. */
    public SocketIoServer(SocketIoSettings settings, Tutti tutti) {
        this(settings, tutti, System::nanoTime);
    }

    /** As above, with a monotonic clock in nanoseconds. */
    public SocketIoServer(SocketIoSettings settings, Tutti tutti, LongSupplier ticker) {
        this.settings = settings;
        this.tutti = tutti;
        this.payloads = new Payloads(tutti.json(), settings.maxAttachments());
        this.ticker = ticker;
        this.cluster = new ClusterAdapter(this, tutti);
        cluster.start();
    }

    /**
     * The namespace {@code name}, made at the first call; clients can join those that were made.
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
            return new ServerNamespace(fresh, this);
        });
    }

    /** Becomes an endpoint of an edge, of one at most. */
    @Override
    public Endpoint create(EdgeParts given) {
        if (parts != null) {
            throw new IllegalStateException("this Socket.IO server is an edge's endpoint already");
        }
        parts = given;
        EngineServer engine = new EngineServer(
                engineSettings(given.settings()),
                given.flow(),
                given.connections(),
                ticker,
                given.tutti(),
                session -> new SocketIoConnection(this, session));
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
            public List<Runnable> farewells() {
                return engine.farewells();
            }
        };
    }

    private EngineSettings engineSettings(EdgeSettings edge) {
        return new EngineSettings(
                edge.times().ping(),
                settings.pingTimeout(),
                settings.upgradeTimeout(),
                Math.min(edge.sizes().message(), edge.sizes().body()),
                settings.maxPackets(),
                edge.outbox());
    }

    /** What runs the handlers of one connection, in order. */
    Executor worker() {
        return parts().workers().apply("tutti-socket");
    }

    @Nullable
    ServerNamespace find(String name) {
        return namespaces.get(name);
    }

    /** Sends {@code body} to sockets, wherever they are; blocks in a namespace that is recoverable unless it may be dropped. */
    void emit(Target who, boolean mayDrop, Body body) {
        Recovery recovery = mayDrop ? null : recovery(who);
        if (recovery != null) {
            recovery.namespaceLog().append(who, body);
        } else {
            cluster.order(new Broadcast(who, mayDrop, Payloads.event(who.namespace(), SocketPacket.NO_ID, body)));
        }
    }

    /** How clients come back to the namespace of those meant; null if they do not. */
    @Nullable
    Recovery recovery(Target who) {
        ServerNamespace namespace = namespaces.get(who.namespace());
        return namespace == null ? null : namespace.recovery();
    }

    Tutti tutti() {
        return tutti;
    }

    SocketIoSettings settings() {
        return settings;
    }

    ClusterAdapter cluster() {
        return cluster;
    }

    BroadcastAcks broadcastAcks() {
        return cluster.clusterRequests().broadcastAcks();
    }

    /** A new id of a socket, which names this instance. */
    String newId() {
        return cluster.self().newId();
    }

    Streams streams() {
        return tutti.streams();
    }

    Payloads payloads() {
        return payloads;
    }

    /** The clock by which principals run out. */
    Clock clock() {
        return parts().clock();
    }

    /** Which connections belong to which login. */
    LiveSessions sessions() {
        return parts().sessions();
    }

    long nanoTime() {
        return ticker.getAsLong();
    }

    FlowMetrics metrics() {
        return parts().flow().metrics();
    }

    TokenBucket.Rate rate() {
        return parts().settings().messageRate();
    }

    /** How many bytes a client that comes back may have missed: they have to wait for it all at once. */
    int mostMissed() {
        return parts().settings().outbox().hardBytes() / 2;
    }

    int maxPayload() {
        return parts().settings().sizes().message();
    }

    private EdgeParts parts() {
        if (parts == null) {
            throw new IllegalStateException("this Socket.IO server is no edge's endpoint yet");
        }
        return parts;
    }
}
