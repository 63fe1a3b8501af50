package dev.tutti.edge;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.core.Tutti;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.flow.ConnectionDrain;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.FlowControl;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.Heartbeats;
import dev.tutti.edge.flow.SessionWatch;
import dev.tutti.edge.http.RequestLimits;
import dev.tutti.edge.http.RouteTable;
import dev.tutti.edge.http.Site;
import dev.tutti.edge.http.StaticAssets;
import dev.tutti.edge.http.TrustedProxies;
import dev.tutti.http.Routes;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Principal;
import dev.tutti.socket.SessionCheck;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network side of an instance: its ports and event loops, with the transports and routes that are added to it. It runs from {@link Builder#start}
 * until {@link #close}. Safe for use by many threads; methods that block say so.
 */
public final class Edge implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Edge.class);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** How long closing takes once it is decided on. */
    private static final Duration CUT = Duration.ofMillis(500);

    /** Of TCP connections an address has more than of what they are used for: an idle one costs little. */
    private static final int SOCKETS_PERCENT = 75;

    /** TCP connections of the operator's port, where it is one of its own, at a time. */
    public static final int OPERATOR_SOCKETS = 256;

    private final EdgeSettings settings;
    private final EdgeBounds bounds;
    private final Connections connections;
    private final Heartbeats heartbeats;
    private final SessionWatch sessions;
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final ListeningPort listening;
    private final Optional<ListeningPort> operatorListening;
    private boolean drained;
    private boolean closed;

    private Edge(Builder builder) {
        Site site = builder.site(); // first: routes that clash leave nothing behind
        settings = builder.settings;
        bounds = EdgeBounds.of(settings);
        TrustedProxies proxies = new TrustedProxies(settings.trustedProxies());
        connections = new Connections(bounds.permits(), settings.admission(), builder.tutti.meters());
        heartbeats = new Heartbeats(settings.times().ping());
        sessions = new SessionWatch(
                builder.sessionCheck, settings.times().sessionCheck(), builder.ticker, builder.disconnected);
        EdgeParts parts = new EdgeParts(
                builder.tutti,
                settings,
                flow(builder, bounds),
                connections,
                heartbeats,
                sessions.sessions(),
                builder.authenticator,
                builder.clock,
                builder.ticker,
                SerialExecutor::new);
        for (Endpoint.Factory factory : builder.endpoints) {
            Endpoint endpoint = factory.create(parts);
            endpoints.add(endpoint);
            site.routes().endpoint(endpoint.path(), endpoint::handle);
        }
        int percent = Math.max(settings.admission().addressPercent(), SOCKETS_PERCENT);
        Shares sockets = new Shares(bounds.sockets(), percent, 0);
        listening = new ListeningPort(parts, site, settings.eventLoops(), sockets, proxies);
        operatorListening = builder.operatorSite().map(apart -> operatorListening(parts, apart, proxies));
    }

    /** The operator's port; the port of clients is closed if it cannot be made. */
    private ListeningPort operatorListening(EdgeParts parts, Site apart, TrustedProxies proxies) {
        try {
            return new ListeningPort(parts, apart, 1, new Shares(OPERATOR_SOCKETS, SOCKETS_PERCENT, 0), proxies);
        } catch (RuntimeException | Error failure) {
            var _ = listening.close();
            throw failure;
        }
    }

    private static FlowControl flow(Builder builder, EdgeBounds bounds) {
        EdgeSettings settings = builder.settings;
        return new FlowControl(
                settings.outbox(),
                bounds.outboundBytes() / settings.eventLoops(),
                settings.messageRate(),
                settings.sizes().message(),
                new FlowMetrics(builder.tutti.meters()),
                new Shares(bounds.inboundBytes(), settings.admission().addressPercent(), 0),
                settings.compression(),
                builder.ticker);
    }

    /** An edge of {@code tutti}. */
    public static Builder of(Tutti tutti) {
        return new Builder(tutti);
    }

    /** The port that the edge listens on. */
    public int port() {
        return listening.number();
    }

    /** The port of the operator's routes. */
    public int operatorPort() {
        return operatorListening.orElse(listening).number();
    }

    /** Open WebSockets, event streams and polling sessions. */
    public int connections() {
        return connections.count();
    }

    /** Closes this instance's connections of the login {@code session} with {@link ErrorCode#SESSION_REVOKED}. Does not block. */
    public void revoke(String session) {
        sessions.sessions().cut(session, ErrorCode.SESSION_REVOKED);
    }

    /** Closes this instance's plain WebSockets and event streams of the user {@code id}, of all logins, in the same way. Does not block. */
    public void disconnect(String id) {
        sessions.sessions().cutUser(id, ErrorCode.SESSION_REVOKED);
    }

    /** Checks now whether the certificate's files have changed, instead of after {@link EdgeSettings.Times#certificateCheck()}. Blocks. */
    public void reloadCertificate() {
        listening.reload();
    }

    /** Checks now which connected sessions have ended, for example because messages about it may have been lost. Does not block. */
    public void checkSessions() {
        sessions.lookAgain();
    }

    /**
     * Prepares for closing: refuses new clients, tells connected clients to reconnect elsewhere, evenly spread over {@code spread}, and finishes the
     * requests under way. Blocks until that is done, at most for {@code spread} plus {@code bound} plus half a second. Requests and connections that are
     * left then are cut off. Idempotent.
     */
    public void drain(Duration spread, Duration bound) {
        synchronized (this) {
            if (drained) {
                return;
            }
            drained = true;
        }
        leave(spread);
        await(listening.shutdown(bound), bound.plus(CUT), "connections did not end in time; the rest is cut");
    }

    /**
     * Closes all connections and ports at once. Call {@link #drain} before to let clients leave in order. Blocks for some seconds at most. Idempotent.
     */
    @Override
    public void close() {
        boolean leaveNow;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            leaveNow = !drained;
            drained = true;
        }
        if (leaveNow) {
            leave(Duration.ZERO);
        }
        sessions.close();
        heartbeats.close();
        Future<?> operatorStopped = operatorListening.map(ListeningPort::close).orElseGet(Future::succeededFuture);
        await(Future.join(listening.close(), operatorStopped), STOP, "event loops did not stop in time");
    }

    private void leave(Duration spread) {
        listening.leave();
        connections.leave();
        ConnectionDrain.run(
                endpoints.stream()
                        .flatMap(endpoint -> endpoint.drainTasks().stream())
                        .toList(),
                spread);
    }

    private void listen() {
        settings.tls()
                .ifPresentOrElse(
                        files -> listening.open("PORT", settings.port(), files),
                        () -> listening.open("PORT", settings.port()));
        // last: a client that finds this port ready finds the other one open
        operatorListening.ifPresent(operator ->
                operator.open("TUTTI_OPERATOR_PORT", settings.operatorPort().orElseThrow()));
        log.info(
                "Listening on {}:{} with {} event loops, {} transport",
                settings.host(),
                port(),
                settings.eventLoops(),
                listening.isNativeTransport() ? "native" : "Java");
        if (operatorListening.isPresent()) {
            log.info("Health and metrics are on port {} alone", operatorPort());
        }
        log.info("Bounds: {}", bounds.text());
        log.info("Shares of the heap: {}", EdgeBounds.shares());
    }

    private static void await(Future<?> future, Duration bound, String late) {
        try {
            future.toCompletionStage().toCompletableFuture().get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooLate) {
            log.warn("Stopping: {}", late);
        } catch (ExecutionException failure) {
            log.warn("Stopping: {}", late, failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The settings, transports and routes of one edge, and its {@link #start}. Not safe for use by several threads. */
    public static final class Builder {
        private final Tutti tutti;
        private final RouteTable routes = new RouteTable();
        private final RouteTable operator = new RouteTable();
        private final List<Endpoint.Factory> endpoints = new ArrayList<>();
        private StaticAssets assets = new StaticAssets(Edge.class.getClassLoader());
        private EdgeSettings settings = EdgeSettings.DEFAULT;
        private RequestLimits limits = RequestLimits.NONE;
        private Authenticator authenticator = _ -> {
            throw new TuttiException(ErrorCode.UNAUTHENTICATED, "nobody can sign in at this server");
        };
        private SessionCheck sessionCheck = _ -> Set.of();
        private Consumer<Principal> disconnected = _ -> {};
        private Clock clock = Clock.systemUTC();
        private LongSupplier ticker = System::nanoTime;

        private Builder(Tutti tutti) {
            this.tutti = tutti;
        }

        /** Sets the settings; {@link EdgeSettings#DEFAULT} by default. */
        public Builder settings(EdgeSettings value) {
            settings = value;
            return this;
        }

        /** Sets the port, 0 for any free one. The edge listens on loopback only, unless the settings have another host. */
        public Builder port(int value) {
            settings = settings.withAddress(settings.host(), value);
            return this;
        }

        /** Sets the check of credentials for plain WebSockets and event streams. Without one, clients reach public streams only. */
        public Builder authenticator(Authenticator value) {
            authenticator = value;
            return this;
        }

        /** Sets the check that tells which logins have ended; without one a login ends only with {@link Principal#until}. */
        public Builder sessionCheck(SessionCheck value) {
            sessionCheck = value;
            return this;
        }

        /** Sets a listener for the end of the last connection of a login at this instance. It must not block. */
        public Builder onDisconnect(Consumer<Principal> value) {
            disconnected = value;
            return this;
        }

        /** Sets the clock by which principals and certificates expire; the system's clock by default. */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /** Sets the monotonic clock, in nanoseconds, for time-outs, rates and the metric of requests; the system's clock by default. */
        public Builder ticker(LongSupplier value) {
            ticker = value;
            return this;
        }

        /** Adds routes. */
        public Builder routes(Consumer<Routes> add) {
            add.accept(routes);
            return this;
        }

        /**
         * Adds routes for an operator's tools, such as health and metrics. They are answered even when the edge is overloaded: each
         * route has its own platform thread. If the settings have an operator port, they are served only there. Their requests have no body.
         * Without such a port, {@link #start} refuses a pattern that one of {@link #routes} has as well, and the rules of {@link
         * Routes} decide between patterns that differ: a literal segment goes before a parameter.
         */
        public Builder operator(Consumer<Routes> add) {
            add.accept(operator.ofOperator());
            return this;
        }

        /** Sets the rate limits for requests of {@link #routes}; there are none by default. */
        public Builder limits(RequestLimits value) {
            limits = value;
            return this;
        }

        /** Adds a transport. */
        public Builder endpoint(Endpoint.Factory factory) {
            endpoints.add(factory);
            return this;
        }

        /** Sets the files that are served for paths without a route; there are none by default. */
        public Builder assets(StaticAssets value) {
            assets = value;
            return this;
        }

        /** The answers at the port of clients: to the operator, too, unless the settings give that one a port. */
        private Site site() {
            RouteTable all = new RouteTable();
            if (settings.operatorPort().isEmpty()) {
                all.addAll(operator);
            }
            all.addAll(routes);
            return new Site(all, assets, limits);
        }

        /** The answers at the operator's own port; empty if there is none. */
        private Optional<Site> operatorSite() {
            return settings.operatorPort().isPresent() ? Optional.of(Site.ofOperator(operator)) : Optional.empty();
        }

        /**
         * Starts the edge. Blocks until it listens. If this fails, everything that was started is closed.
         *
         * @throws IllegalArgumentException if routes or transports clash; the message names them
         * @throws TuttiException if the edge cannot listen on the port, which the message names; with {@link ErrorCode#UNSUPPORTED} if this
         *     process may open no more than {@value AdmissionSettings#FILES_FOR_OTHERS} files
         */
        public Edge start() {
            AdmissionSettings.requireFiles(AdmissionSettings.FILES_FOR_OTHERS);
            Edge edge = new Edge(this);
            try {
                edge.listen();
                edge.sessions.start();
                return tutti.lifecycle().started("edge", edge);
            } catch (RuntimeException | Error failure) {
                edge.close();
                throw failure;
            }
        }
    }
}
