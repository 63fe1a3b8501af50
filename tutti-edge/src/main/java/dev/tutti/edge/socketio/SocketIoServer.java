package dev.tutti.edge.socketio;

import dev.tutti.core.Tutti;
import dev.tutti.core.stream.Streams;
import dev.tutti.edge.engineio.EngineServer;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.Flow;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.socket.Namespace;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The Socket.IO server: namespaces that clients join, over Engine.IO sessions. Safe for use by many threads. */
public final class SocketIoServer implements AutoCloseable {
    private final SocketIoSettings settings;
    private final Streams streams;
    private final FlowMetrics metrics;
    private final Payloads payloads;
    private final Clock clock;
    private final LongSupplier ticker;
    private final EngineServer engine;
    private final Map<String, ServerNamespace> namespaces = new ConcurrentHashMap<>();

    /** A server on {@code tutti}'s streams, whose connections find their places in {@code connections}. */
    public SocketIoServer(SocketIoSettings settings, Tutti tutti, Flow flow, Connections connections) {
        this(settings, tutti, flow, connections, Clock.systemUTC(), System::nanoTime);
    }

    /** As above, with a wall clock, by which principals run out, and a monotonic one in nanoseconds. */
    public SocketIoServer(
            SocketIoSettings settings,
            Tutti tutti,
            Flow flow,
            Connections connections,
            Clock clock,
            LongSupplier ticker) {
        this.settings = settings;
        this.streams = tutti.streams();
        this.metrics = flow.metrics();
        this.payloads = new Payloads(tutti.json());
        this.clock = clock;
        this.ticker = ticker;
        this.engine = new EngineServer(
                settings.engine(), flow, connections, ticker, session -> new SocketIoConnection(this, session));
    }

    /**
     * The namespace {@code name}, made at the first call; clients can join those that were made.
     *
     * @throws IllegalArgumentException if the name does not begin with a slash, or has a comma
     */
    public Namespace namespace(String name) {
        if (!name.startsWith("/") || name.indexOf(',') >= 0) {
            throw new IllegalArgumentException("namespace '" + name + "' must begin with a slash and have no comma");
        }
        return namespaces.computeIfAbsent(name, fresh -> new ServerNamespace(fresh, this));
    }

    /** Answers {@code request}, on its event loop, if its path is this server's; otherwise false. */
    public boolean handle(HttpServerRequest request) {
        String path = request.path();
        if (path == null || !isHere(path)) {
            return false;
        }
        engine.handle(request);
        return true;
    }

    /** Whether {@code path} is ours, with or without the last slash. */
    private boolean isHere(String path) {
        String here = settings.path();
        return path.equals(here) || path.equals(here.substring(0, here.length() - 1));
    }

    /** How many sessions there are. */
    public int sessions() {
        return engine.size();
    }

    @Nullable
    ServerNamespace find(String name) {
        return namespaces.get(name);
    }

    SocketIoSettings settings() {
        return settings;
    }

    Streams streams() {
        return streams;
    }

    FlowMetrics metrics() {
        return metrics;
    }

    Payloads payloads() {
        return payloads;
    }

    Clock clock() {
        return clock;
    }

    long nanoTime() {
        return ticker.getAsLong();
    }

    /** Closes all connections with {@link dev.tutti.ErrorCode#GOING_AWAY}. Idempotent. */
    @Override
    public void close() {
        engine.close();
    }
}
