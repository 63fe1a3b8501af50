package dev.tutti.edge.ws;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.WebSocketLink;
import dev.tutti.edge.flow.WebSocketUpgrade;
import dev.tutti.edge.http.Exchange;
import dev.tutti.edge.http.Handshakes;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.StreamAccess;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@code /ws}: streams and feeds over a plain WebSocket, one JSON object per text message. Safe for use by many threads. */
public final class PlainWebSocket implements Endpoint {
    private static final String SUBPROTOCOL = "tutti.v1";

    private final EdgeParts parts;
    private final StreamGate gate;
    private final FeedGate feeds;
    private final Set<WsConnection> open = ConcurrentHashMap.newKeySet();

    /** The endpoint with the rules {@code access} for streams, and {@link FeedAccess#byKind} for feeds. */
    public PlainWebSocket(EdgeParts parts, StreamAccess access) {
        this(parts, access, FeedAccess.byKind());
    }

    /** The endpoint with the rules {@code access} for streams and {@code feedAccess} for feeds. */
    public PlainWebSocket(EdgeParts parts, StreamAccess access, FeedAccess feedAccess) {
        this.parts = parts;
        this.gate = new StreamGate(parts.tutti().streams(), parts.authenticator(), access);
        this.feeds = new FeedGate(parts.tutti().feeds(), parts.authenticator(), feedAccess);
    }

    @Override
    public String path() {
        return "/ws";
    }

    @Override
    public void handle(Exchange exchange) {
        if (!WebSocketUpgrade.wanted(exchange.request())) {
            exchange.request().response().putHeader("Upgrade", "websocket");
            throw new TuttiException(ErrorCode.BAD_REQUEST, "this path is for WebSockets");
        }
        Handshake handshake = exchange.requireSameSite();
        // before there is a permit, which is given back when the connection ends
        WebSocketUpgrade.check(exchange.request());
        Connections.Permit permit = parts.connections()
                .admit(Connections.Transport.WEBSOCKET, handshake.address(), Handshakes.hasCredentials(handshake));
        exchange.atDisconnect(permit::close);
        exchange.lasts();
        try {
            WebSocketUpgrade.open(
                    exchange.request(),
                    handshake.address(),
                    SUBPROTOCOL,
                    parts.settings().sizes().message(),
                    parts.flow(),
                    link -> connected(link, handshake, permit));
        } catch (Throwable refused) {
            permit.close();
            throw refused;
        }
    }

    private WsConnection connected(WebSocketLink link, Handshake handshake, Connections.Permit permit) {
        WsConnection connection = new WsConnection(link, handshake, permit, parts, gate, feeds);
        open.add(connection);
        link.channel().closeFuture().addListener(_ -> open.remove(connection));
        try {
            connection.begin();
            if (parts.connections().isLeaving()) {
                farewell(connection); // it may have come too late to be told with the others
            }
            return connection;
        } catch (Throwable failed) { // nobody else would end what it has begun
            connection.onClosed(DisconnectReason.TRANSPORT_CLOSED);
            throw failed;
        }
    }

    @Override
    public List<Runnable> drainTasks() {
        return open.stream()
                .<Runnable>map(connection -> () -> farewell(connection))
                .toList();
    }

    private static void farewell(WsConnection connection) {
        connection.cut(ErrorCode.GOING_AWAY, "this instance is leaving");
    }
}
