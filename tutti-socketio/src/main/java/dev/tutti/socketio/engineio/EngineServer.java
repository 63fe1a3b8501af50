package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.NodeTag;
import dev.tutti.core.Tutti;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.Connections.Transport;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.edge.flow.FlowControl;
import dev.tutti.edge.flow.Heartbeats;
import dev.tutti.edge.flow.WebSocketLink;
import dev.tutti.edge.flow.WebSocketListener;
import dev.tutti.edge.flow.WebSocketUpgrade;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Exchange;
import dev.tutti.edge.http.Handshakes;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Handshake;
import dev.tutti.socketio.engineio.EngineRequest.Refusal;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of Engine.IO clients, and keeps their sessions. Requests come on their connections' event loops and
 * are taken to their sessions' loops; safe for use by many threads.
 */
public final class EngineServer {
    private static final Logger log = LoggerFactory.getLogger(EngineServer.class);
    private static final Duration SLOWEST_TICK = Duration.ofSeconds(1);

    private final EngineSettings settings;
    private final FlowControl flow;
    private final Connections connections;
    private final Authenticator authenticator;
    private final Clock clock;
    private final Map<String, EngineSession> sessions = new ConcurrentHashMap<>();
    private final SessionContext context;
    private final RemotePolling remotePolling;

    /**
     * A server whose sessions are used by {@code listeners}, and whose clients may poll any other instance of {@code
     * tutti}'s cluster.
     *
     * @param authenticator finds out who a client is that has credentials, and no permit but of the reserve
     * @param clock the one by which clients make ids of requests
     * @param ticker the monotonic time, in nanoseconds
     */
    public EngineServer(
            EngineSettings settings,
            FlowControl flow,
            Connections connections,
            Authenticator authenticator,
            Clock clock,
            LongSupplier ticker,
            Tutti tutti,
            Function<EngineSession, EngineListener> listeners) {
        this.settings = settings;
        this.flow = flow;
        this.connections = connections;
        this.authenticator = authenticator;
        this.clock = clock;
        this.context = new SessionContext(
                settings,
                flow,
                ticker,
                new Heartbeats(precision(settings)),
                new CrossLoopWriters(),
                listeners,
                session -> sessions.remove(session.sid(), session));
        this.remotePolling = new RemotePolling(settings, tutti, this::requests);
        remotePolling.start();
    }

    /**
     * Answers {@code exchange}, on its event loop. Its parts are checked in the order of the reference implementation, because
     * the code of the first that does not fit is what its client is told.
     *
     * @throws TuttiException if it is refused for a reason that is not Engine.IO's own
     */
    public void handle(Exchange exchange) {
        DirectRequest request = new DirectRequest(exchange, clock);
        Map<String, String> query = exchange.uri().query();
        @Nullable String transport = query.get("transport");
        String sid = query.getOrDefault("sid", "");
        boolean webSocket = "websocket".equals(transport);
        if (request.isEncoded()) {
            request.refuseEncoding();
        } else if (!webSocket && !"polling".equals(transport)) {
            request.refuse(Refusal.TRANSPORT_UNKNOWN);
        } else if (!sid.isEmpty()) {
            resume(request, sid, webSocket);
        } else if (!exchange.request().method().equals(HttpMethod.GET)) {
            request.refuse(Refusal.BAD_METHOD);
        } else if (isOtherwiseSent(request, webSocket)) {
            request.refuse(Refusal.BAD_REQUEST);
        } else if (!"4".equals(query.get("EIO"))) {
            request.refuse(Refusal.UNSUPPORTED_VERSION);
        } else {
            open(request, webSocket);
        }
    }

    /** Whether a request is not sent as those of its transport are. */
    private static boolean isOtherwiseSent(DirectRequest request, boolean webSocket) {
        Exchange exchange = request.exchange();
        return webSocket != WebSocketUpgrade.wanted(exchange.request())
                || exchange.uri().query().containsKey("j");
    }

    private void resume(DirectRequest request, String sid, boolean webSocket) {
        @Nullable EngineSession session = sessions.get(sid);
        HttpMethod method = request.exchange().request().method();
        if (session == null) {
            remotePolling
                    .owner(sid)
                    .ifPresentOrElse(
                            owner -> forward(request, owner, sid, webSocket),
                            () -> request.refuse(Refusal.SESSION_UNKNOWN));
        } else if (isOtherwiseSent(request, webSocket)) {
            request.refuse(Refusal.BAD_REQUEST);
        } else if (webSocket) {
            upgrade(request, session);
        } else if (method.equals(HttpMethod.GET)) {
            EventLoops.now(session.loop(), () -> session.requests().poll(request));
        } else if (method.equals(HttpMethod.POST)) {
            post(request, session.requests());
        } else {
            request.refuse(Refusal.BAD_REQUEST);
        }
    }

    private @Nullable PollingRequests requests(String sid) {
        @Nullable EngineSession session = sessions.get(sid);
        return session == null ? null : session.requests();
    }

    /** Takes the body, bounded, to {@code session}. Begun on the request's loop. */
    private static void post(DirectRequest request, PollingRequests session) {
        request.exchange().request().pause();
        EventLoops.now(session.loop(), () -> {
            if (session.mayPost(request)) {
                int most = session.maxBody();
                request.exchange()
                        .onLoop(() -> request.body(
                                most,
                                body -> EventLoops.now(session.loop(), () -> session.post(request, body)),
                                tooLarge ->
                                        EventLoops.now(session.loop(), () -> session.postEnded(request, tooLarge))));
            }
        });
    }

    private void forward(DirectRequest request, NodeTag owner, String sid, boolean webSocket) {
        HttpMethod method = request.exchange().request().method();
        if (isOtherwiseSent(request, webSocket)) {
            request.refuse(Refusal.BAD_REQUEST);
        } else if (webSocket) {
            // balancers that know it try the next instance; otherwise clients go on polling, and have lost nothing
            throw new TuttiException(ErrorCode.NOT_FOUND, "this session is at another instance");
        } else if (method.equals(HttpMethod.GET)) {
            remotePolling.poll(request, owner, sid);
        } else if (method.equals(HttpMethod.POST)) {
            remotePolling.post(request, owner, sid);
        } else {
            request.refuse(Refusal.BAD_REQUEST);
        }
    }

    private void open(DirectRequest request, boolean webSocket) {
        Exchange exchange = request.exchange();
        Handshake handshake;
        try {
            handshake = exchange.requireSameSite();
        } catch (TuttiException otherSite) {
            flow.metrics().refused(otherSite.code());
            request.refuse(Refusal.FORBIDDEN);
            return;
        }
        if (webSocket) {
            // before there is a permit, which is given back when the connection ends
            WebSocketUpgrade.check(exchange.request());
        }
        Connections.Permit permit = connections.admit(
                webSocket ? Transport.WEBSOCKET : Transport.POLLING,
                handshake.address(),
                Handshakes.hasCredentials(handshake));
        if (permit.isReserved()) {
            verify(request, webSocket, handshake, permit);
        } else {
            open(request, webSocket, handshake, permit);
        }
    }

    /** Only a known client has a session on a permit of the reserve: for others that would be theirs until they join a namespace. */
    private void verify(DirectRequest request, boolean webSocket, Handshake handshake, Connections.Permit permit) {
        Exchange exchange = request.exchange();
        exchange.request().pause();
        Thread.ofVirtual().name("tutti-engineio").start(() -> {
            Optional<TuttiException> refusal = refusal(handshake, permit);
            if (refusal.isEmpty()) {
                exchange.onLoop(() -> openVerified(request, webSocket, handshake, permit));
            } else {
                permit.close();
                exchange.onLoop(() -> refuse(exchange, refusal.get()));
            }
        });
    }

    /** Why a client may not have its permit of the reserve. One whose credentials are no good is told what it would be without any. */
    private Optional<TuttiException> refusal(Handshake handshake, Connections.Permit permit) {
        try {
            return permit.moveTo(authenticator.authenticate(handshake).id())
                    ? Optional.empty()
                    : Optional.of(new TuttiException(
                            ErrorCode.LIMIT_REACHED, "this account has its share of this instance's connections"));
        } catch (Throwable refused) {
            if (refused instanceof TuttiException known && known.code().retry() == ErrorCode.Retry.NEVER) {
                log.debug("No permit of the reserve: {}", known.getMessage());
                return Optional.of(connections.full());
            }
            return Optional.of(WireError.tellable(refused));
        }
    }

    private void openVerified(
            DirectRequest request, boolean webSocket, Handshake handshake, Connections.Permit permit) {
        Exchange exchange = request.exchange();
        try {
            if (!webSocket) {
                exchange.request().resume();
            }
            if (!webSocket && !exchange.answerable()) {
                permit.close(); // it has gone meanwhile, and nobody would ever poll that session
                return;
            }
            open(request, webSocket, handshake, permit);
        } catch (Throwable refused) {
            refuse(exchange, WireError.tellable(refused));
        }
    }

    private static void refuse(Exchange exchange, TuttiException why) {
        exchange.request().resume(); // it was paused, and others may come behind it
        exchange.fail(why);
    }

    private void open(DirectRequest request, boolean webSocket, Handshake handshake, Connections.Permit permit) {
        try {
            if (webSocket) {
                Exchange exchange = request.exchange();
                // the session gives the permit back as well, but a connection may be lost before there is one
                exchange.atDisconnect(permit::close);
                exchange.lasts();
                if (exchange.channel().isActive()) { // its client may have ended its side while it was verified
                    link(request, link -> begin(link, handshake, permit, isText(request)));
                }
            } else {
                begin(request, handshake, permit);
            }
        } catch (Throwable refused) {
            permit.close();
            throw refused;
        }
    }

    private void begin(DirectRequest request, Handshake handshake, Connections.Permit permit) {
        EngineSession session = register(request.loop(), handshake, permit);
        try {
            session.open(request);
            farewellIfLeaving(session);
        } catch (Throwable failed) {
            session.lost();
            throw failed;
        }
    }

    private WebSocketTransport begin(WebSocketLink link, Handshake handshake, Connections.Permit permit, boolean text) {
        EngineSession session = register(link.channel().eventLoop(), handshake, permit);
        try {
            WebSocketTransport transport = new WebSocketTransport(link, session, text);
            session.open(transport);
            farewellIfLeaving(session);
            return transport;
        } catch (Throwable failed) {
            session.lost();
            throw failed;
        }
    }

    private EngineSession register(EventLoop loop, Handshake handshake, Connections.Permit permit) {
        EngineSession session =
                new EngineSession(context, loop, remotePolling.newSid(), CommonQuery.shared(handshake), permit);
        sessions.put(session.sid(), session);
        return session;
    }

    /** The session says whether it may be, before the handshake is answered. */
    private void upgrade(DirectRequest request, EngineSession session) {
        WebSocketUpgrade.check(request.exchange().request());
        request.exchange().lasts();
        request.exchange().request().pause();
        EventLoops.now(
                session.loop(),
                () -> session.requests()
                        .probe(request)
                        .ifPresent(probe -> request.exchange().onLoop(() -> upgrade(request, session, probe))));
    }

    private void upgrade(DirectRequest request, EngineSession session, Probe probe) {
        Runnable failed =
                () -> EventLoops.now(session.loop(), () -> session.upgrade().failed(probe));
        request.exchange().atDisconnect(failed);
        try {
            link(request, link -> {
                WebSocketTransport transport = new WebSocketTransport(link, session, isText(request));
                EventLoops.now(session.loop(), () -> session.upgrade().opened(probe, transport));
                return transport;
            });
        } catch (Throwable refused) {
            failed.run();
            request.exchange().fail(WireError.tellable(refused));
        }
    }

    private void link(DirectRequest request, Function<WebSocketLink, WebSocketListener> open) {
        Exchange exchange = request.exchange();
        WebSocketUpgrade.open(exchange.request(), exchange.address(), "", settings.maxPayload(), flow, open);
    }

    /** Whether the client cannot take binary frames, or says so. */
    private static boolean isText(DirectRequest request) {
        return !request.exchange().uri().query().getOrDefault("b64", "").isEmpty();
    }

    /** How often sessions look at what has run out: a ping is late by a twentieth of its interval, and a second, at most. */
    private static Duration precision(EngineSettings settings) {
        Duration pings = settings.pingInterval().compareTo(settings.pingTimeout()) < 0
                ? settings.pingInterval()
                : settings.pingTimeout();
        Duration tick = pings.dividedBy(20);
        return tick.compareTo(SLOWEST_TICK) < 0 ? tick : SLOWEST_TICK;
    }

    /** How many sessions there are. */
    public int size() {
        return sessions.size();
    }

    /**
     * The tasks that close each session with {@link ErrorCode#GOING_AWAY}, and send polling clients of other instances
     * elsewhere; new sessions are the listener's to refuse.
     */
    public List<Runnable> drainTasks() {
        Stream<Runnable> sessionsHere = sessions.values().stream()
                .map(session -> () -> EventLoops.now(session.loop(), () -> farewell(session)));
        return Stream.concat(sessionsHere, remotePolling.drainTasks()).toList();
    }

    /** A new session may have come too late to be told with the others. */
    private void farewellIfLeaving(EngineSession session) {
        if (connections.isLeaving()) {
            farewell(session);
        }
    }

    private static void farewell(EngineSession session) {
        session.close(DisconnectReason.GOING_AWAY, ErrorCode.GOING_AWAY, "this instance is leaving");
    }
}
